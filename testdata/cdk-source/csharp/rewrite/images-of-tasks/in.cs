using Amazon.CDK;
using Amazon.CDK.AWS.ECS;

namespace Web
{
    // The image nginx:1.27 of a comment stays.
    public class WebStack : Stack
    {
        private const string Image = "nginx:1.27";

        public WebStack(Construct scope, string id, string tag) : base(scope, id)
        {
            task.AddContainer("a", new ContainerDefinitionOptions
            {
                Image = ContainerImage.FromRegistry("redis:7"),
            });
            task.AddContainer("b", new ContainerDefinitionOptions { Image = ContainerImage.FromRegistry(Image) });
            task.AddContainer("c", new ContainerDefinitionOptions { Image = ContainerImage.FromRegistry($"httpd:{tag}") });
            task.AddContainer("d", new ContainerDefinitionOptions { Image = ContainerImage.FromRegistry(@"caddy:2") });
            task.AddContainer("e", new ContainerDefinitionOptions { Image = ContainerImage.FromRegistry("mongo:" + tag) });
            new CfnTaskDefinition(this, "Low", new CfnTaskDefinitionProps
            {
                ContainerDefinitions = new[]
                {
                    new CfnTaskDefinition.ContainerDefinitionProperty { Name = "x", Image = "busybox:1.37" },
                },
            });
            cluster.AddManifest("pod", new Dictionary<string, object>
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Pod",
                ["spec"] = new Dictionary<string, object>
                {
                    ["containers"] = new[] { new Dictionary<string, object> { ["name"] = "web", ["image"] = "nginx:1" } },
                },
            });
        }
    }
}
