import face from "./face.cjs";
import { Core } from "./dist/ecrewrite_npm.js";

export const { apply, check, explain, rewrite, rewriteAll } = face(Core);
