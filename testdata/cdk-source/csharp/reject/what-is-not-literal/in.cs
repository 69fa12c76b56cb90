using Amazon.CDK.AWS.ECS;

class Web
{
    public const string Seen = "nginx:1.27";

    object Images(string name) => new object[]
    {
        ContainerImage.FromRegistry(name),
        ContainerImage.FromRegistry(Seen),
        ContainerImage.FromRegistry(this.Pick().Image),
        ContainerImage.FromRegistry("nginx:1", new RepositoryImageProps { Credentials = secret }),
        ContainerImage.FromEcrRepository(repository, "1"),
    };
}
