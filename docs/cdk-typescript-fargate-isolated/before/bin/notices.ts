import { App } from 'aws-cdk-lib';

import { NoticesStack } from '../lib/notices-stack';

const app = new App();
new NoticesStack(app, 'Notices', { env: { account: '111122223333', region: 'us-east-1' } });
