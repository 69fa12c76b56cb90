//! The places of images as data: which property of which resource, and what the service makes of a cached image there.
//!
//! Paths name keys; lists on the way are implied. Facts: the resource schemas of CloudFormation and of Terraform's AWS
//! provider, and the services' documentation of where they pull from.

use super::Caution;
use crate::edit::Applicability;
use crate::reason::Reason;

/// A place of images in one type of resource.
#[derive(Debug)]
pub(super) struct Place {
    /// The type of the resource.
    pub(super) resource: &'static str,
    /// The keys below it, with `.` between them.
    pub(super) path: &'static str,
    /// What the service makes of it.
    pub(super) service: Service,
}

/// What a service makes of an image behind a cache.
#[derive(Debug, Clone, Copy)]
pub(super) enum Service {
    /// Pulls it like any other; the longest reference it takes.
    Pulls(Option<usize>),
    /// Pulls it once something else is changed as well.
    NeedsMore(&'static str),
    /// Never pulls through a cache.
    NeverPulls(&'static str),
    /// Whoever runs it has to log in first; shown only.
    NeedsLogin,
}

impl Service {
    /// What it means for a reference at the place.
    pub(super) fn caution(self) -> Option<Caution> {
        let (reason, applicability, note) = match self {
            Service::Pulls(_) => return None,
            Service::NeedsMore(note) => (Reason::NeedsMore, Applicability::Unsafe, Some(note)),
            Service::NeverPulls(note) => (Reason::NoPullThrough, Applicability::Display, Some(note)),
            Service::NeedsLogin => (Reason::NeedsLogin, Applicability::Display, None),
        };
        Some(Caution { reason, applicability, note })
    }

    /// The longest reference that it takes.
    pub(super) fn limit(self) -> Option<usize> {
        match self {
            Service::Pulls(limit) => limit,
            _ => None,
        }
    }
}

const fn place(resource: &'static str, path: &'static str, service: Service) -> Place {
    Place { resource, path, service }
}

const PULLS: Service = Service::Pulls(None);
const ECS: Service = Service::Pulls(Some(super::ecs::IMAGE_MAX));
const APP_RUNNER: Service = Service::NeedsMore(
    "App Runner: the repository type becomes ECR and an access role is required; a first pull through a cache is not documented",
);
pub(super) const CODE_BUILD: Service = Service::NeedsMore(
    "CodeBuild: the image is pulled with the service role (SERVICE_ROLE), and registry credentials have to go",
);
pub(super) const SAGE_MAKER: Service = Service::NeedsMore(
    "SageMaker: the execution role pulls from ECR of the same region; a first pull through a cache is not documented",
);
const BEDROCK: Service =
    Service::NeedsMore("Bedrock AgentCore: the runtime's role pulls; a first pull through a cache is not documented");
const OWN_ECR: Service =
    Service::NeedsMore("this service takes images of private ECR; a first pull through a cache is not documented");
pub(super) const IMAGE_BUILDER: Service =
    Service::NeedsMore("Image Builder: the instance profile of the build has to be allowed to pull");
const BEANSTALK: Service = Service::NeedsMore("Elastic Beanstalk: the instance profile has to be allowed to pull");
const LAMBDA: Service = Service::NeverPulls("Lambda takes images of private ECR only, and never pulls through a cache");
const EMR: Service = Service::NeverPulls("EMR Serverless pulls as a service of its own, and never through a cache");
pub(super) const LIGHTSAIL: Service = Service::NeverPulls("Lightsail never pulls through a cache");

/// Properties of CloudFormation resources.
pub(super) const CLOUDFORMATION: &[Place] = &[
    place("AWS::ECS::TaskDefinition", "ContainerDefinitions.Image", ECS),
    place("AWS::ECS::DaemonTaskDefinition", "ContainerDefinitions.Image", ECS),
    place("AWS::ECS::ExpressGatewayService", "PrimaryContainer.Image", ECS),
    place("AWS::Batch::JobDefinition", "ContainerProperties.Image", PULLS),
    place("AWS::Batch::JobDefinition", "EcsProperties.TaskProperties.Containers.Image", PULLS),
    place("AWS::Batch::JobDefinition", "NodeProperties.NodeRangeProperties.Container.Image", PULLS),
    place(
        "AWS::Batch::JobDefinition",
        "NodeProperties.NodeRangeProperties.EcsProperties.TaskProperties.Containers.Image",
        PULLS,
    ),
    place("AWS::Batch::JobDefinition", "EksProperties.PodProperties.Containers.Image", PULLS),
    place("AWS::Batch::JobDefinition", "EksProperties.PodProperties.InitContainers.Image", PULLS),
    place(
        "AWS::Batch::JobDefinition",
        "NodeProperties.NodeRangeProperties.EksProperties.PodProperties.Containers.Image",
        PULLS,
    ),
    place(
        "AWS::Batch::JobDefinition",
        "NodeProperties.NodeRangeProperties.EksProperties.PodProperties.InitContainers.Image",
        PULLS,
    ),
    place("AWS::AppRunner::Service", "SourceConfiguration.ImageRepository.ImageIdentifier", APP_RUNNER),
    place("AWS::Lambda::Function", "Code.ImageUri", LAMBDA),
    place("AWS::Serverless::Function", "ImageUri", LAMBDA),
    place("AWS::CodeBuild::Project", "Environment.Image", CODE_BUILD),
    place("AWS::CodeBuild::Project", "Source.BuildSpec.batch.build-graph.env.image", CODE_BUILD),
    place("AWS::CodeBuild::Project", "Source.BuildSpec.batch.build-list.env.image", CODE_BUILD),
    place("AWS::CodeBuild::Project", "Source.BuildSpec.batch.build-matrix.static.env.image", CODE_BUILD),
    place("AWS::CodeBuild::Project", "Source.BuildSpec.batch.build-matrix.dynamic.env.image", CODE_BUILD),
    place(
        "AWS::SageMaker::Pipeline",
        "PipelineDefinition.PipelineDefinitionBody.Steps.Arguments.AlgorithmSpecification.TrainingImage",
        SAGE_MAKER,
    ),
    place(
        "AWS::SageMaker::Pipeline",
        "PipelineDefinition.PipelineDefinitionBody.Steps.Arguments.AppSpecification.ImageUri",
        SAGE_MAKER,
    ),
    place(
        "AWS::SageMaker::Pipeline",
        "PipelineDefinition.PipelineDefinitionBody.Steps.Arguments.PrimaryContainer.Image",
        SAGE_MAKER,
    ),
    place("AWS::SageMaker::Model", "PrimaryContainer.Image", SAGE_MAKER),
    place("AWS::SageMaker::Model", "Containers.Image", SAGE_MAKER),
    place("AWS::SageMaker::Algorithm", "TrainingSpecification.TrainingImage", SAGE_MAKER),
    place("AWS::SageMaker::Algorithm", "InferenceSpecification.Containers.Image", SAGE_MAKER),
    place("AWS::SageMaker::InferenceComponent", "Specification.Container.Image", SAGE_MAKER),
    place("AWS::SageMaker::InferenceComponent", "Specifications.Container.Image", SAGE_MAKER),
    place("AWS::SageMaker::ImageVersion", "BaseImage", SAGE_MAKER),
    place("AWS::SageMaker::DataQualityJobDefinition", "DataQualityAppSpecification.ImageUri", SAGE_MAKER),
    place("AWS::SageMaker::ModelBiasJobDefinition", "ModelBiasAppSpecification.ImageUri", SAGE_MAKER),
    place(
        "AWS::SageMaker::ModelExplainabilityJobDefinition",
        "ModelExplainabilityAppSpecification.ImageUri",
        SAGE_MAKER,
    ),
    place("AWS::SageMaker::ModelQualityJobDefinition", "ModelQualityAppSpecification.ImageUri", SAGE_MAKER),
    place(
        "AWS::SageMaker::MonitoringSchedule",
        "MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringAppSpecification.ImageUri",
        SAGE_MAKER,
    ),
    place("AWS::SageMaker::ProcessingJob", "AppSpecification.ImageUri", SAGE_MAKER),
    place("AWS::SageMaker::ModelPackage", "InferenceSpecification.Containers.Image", SAGE_MAKER),
    place("AWS::SageMaker::ModelPackage", "AdditionalInferenceSpecifications.Containers.Image", SAGE_MAKER),
    place("AWS::SageMaker::ModelPackage", "AdditionalInferenceSpecificationsToAdd.Containers.Image", SAGE_MAKER),
    place("AWS::SageMaker::ModelCard", "Content.ModelOverview.InferenceEnvironment.ContainerImage", SAGE_MAKER),
    place(
        "AWS::SageMaker::ModelCard",
        "Content.ModelPackageDetails.InferenceSpecification.Containers.Image",
        SAGE_MAKER,
    ),
    place(
        "AWS::SageMaker::ModelCard",
        "Content.TrainingDetails.TrainingJobDetails.TrainingEnvironment.ContainerImage",
        SAGE_MAKER,
    ),
    place("AWS::EMRServerless::Application", "ImageConfiguration.ImageUri", EMR),
    place("AWS::EMRServerless::Application", "WorkerTypeSpecifications.*.ImageConfiguration.ImageUri", EMR),
    place("AWS::BedrockAgentCore::Runtime", "AgentRuntimeArtifact.ContainerConfiguration.ContainerUri", BEDROCK),
    place("AWS::BedrockAgentCore::Harness", "EnvironmentArtifact.ContainerConfiguration.ContainerUri", BEDROCK),
    place("AWS::GameLift::ContainerGroupDefinition", "GameServerContainerDefinition.ImageUri", OWN_ECR),
    place("AWS::GameLift::ContainerGroupDefinition", "SupportContainerDefinitions.ImageUri", OWN_ECR),
    place("AWS::IoTSiteWise::Task", "TaskConfiguration.ContainerTaskConfiguration.EcrUri", OWN_ECR),
    place("AWS::IoTAnalytics::Dataset", "Actions.ContainerAction.Image", OWN_ECR),
    place("AWS::CleanRoomsML::ConfiguredModelAlgorithm", "TrainingContainerConfig.ImageUri", OWN_ECR),
    place("AWS::CleanRoomsML::ConfiguredModelAlgorithm", "InferenceContainerConfig.ImageUri", OWN_ECR),
    place("AWS::RoboMaker::RobotApplication", "Environment", OWN_ECR),
    place("AWS::RoboMaker::SimulationApplication", "Environment", OWN_ECR),
    place("AWS::Lightsail::Container", "ContainerServiceDeployment.Containers.Image", LIGHTSAIL),
    place("AWS::ImageBuilder::ContainerRecipe", "ParentImage", IMAGE_BUILDER),
    place("AWS::ElasticBeanstalk::ApplicationVersion", "ImageConfiguration.Source.Uri", BEANSTALK),
    place("AWS::ElasticBeanstalk::ApplicationVersion", "BuildConfiguration.Image", CODE_BUILD),
    place("AWS::Omics::Workflow", "ContainerRegistryMap.ImageMappings.DestinationImage", PULLS),
    place("AWS::Omics::WorkflowVersion", "ContainerRegistryMap.ImageMappings.DestinationImage", PULLS),
];

/// Arguments of Terraform resources. Where an argument is JSON as text, the path goes on inside it.
pub(super) const TERRAFORM: &[Place] = &[
    place("aws_ecs_task_definition", "container_definitions.image", ECS),
    place("aws_ecs_daemon_task_definition", "container_definition.image", ECS),
    place("aws_ecs_express_gateway_service", "primary_container.image", ECS),
    place("aws_batch_job_definition", "container_properties.image", PULLS),
    place("aws_batch_job_definition", "ecs_properties.taskProperties.containers.image", PULLS),
    place("aws_batch_job_definition", "node_properties.nodeRangeProperties.container.image", PULLS),
    place(
        "aws_batch_job_definition",
        "node_properties.nodeRangeProperties.ecsProperties.taskProperties.containers.image",
        PULLS,
    ),
    place(
        "aws_batch_job_definition",
        "node_properties.nodeRangeProperties.eksProperties.podProperties.containers.image",
        PULLS,
    ),
    place(
        "aws_batch_job_definition",
        "node_properties.nodeRangeProperties.eksProperties.podProperties.initContainers.image",
        PULLS,
    ),
    place("aws_batch_job_definition", "eks_properties.pod_properties.containers.image", PULLS),
    place("aws_batch_job_definition", "eks_properties.pod_properties.init_containers.image", PULLS),
    place("aws_apprunner_service", "source_configuration.image_repository.image_identifier", APP_RUNNER),
    place("aws_lambda_function", "image_uri", LAMBDA),
    place("aws_codebuild_project", "environment.image", CODE_BUILD),
    place("aws_codebuild_project", "source.buildspec.batch.build-graph.env.image", CODE_BUILD),
    place("aws_codebuild_project", "source.buildspec.batch.build-list.env.image", CODE_BUILD),
    place("aws_codebuild_project", "source.buildspec.batch.build-matrix.static.env.image", CODE_BUILD),
    place("aws_codebuild_project", "source.buildspec.batch.build-matrix.dynamic.env.image", CODE_BUILD),
    place("aws_lightsail_container_service_deployment_version", "container.image", LIGHTSAIL),
    place("aws_imagebuilder_container_recipe", "parent_image", IMAGE_BUILDER),
    place("aws_sagemaker_model", "primary_container.image", SAGE_MAKER),
    place("aws_sagemaker_model", "container.image", SAGE_MAKER),
    place("aws_sagemaker_image_version", "base_image", SAGE_MAKER),
    place("aws_sagemaker_data_quality_job_definition", "data_quality_app_specification.image_uri", SAGE_MAKER),
    place(
        "aws_sagemaker_monitoring_schedule",
        "monitoring_schedule_config.monitoring_job_definition.monitoring_app_specification.image_uri",
        SAGE_MAKER,
    ),
    place("aws_sagemaker_algorithm", "training_specification.training_image", SAGE_MAKER),
    place("aws_sagemaker_algorithm", "inference_specification.containers.image", SAGE_MAKER),
    place("aws_sagemaker_training_job", "algorithm_specification.training_image", SAGE_MAKER),
    place(
        "aws_sagemaker_hyper_parameter_tuning_job",
        "training_job_definition.algorithm_specification.training_image",
        SAGE_MAKER,
    ),
    place("aws_emrserverless_application", "image_configuration.image_uri", EMR),
    place(
        "aws_bedrockagentcore_agent_runtime",
        "agent_runtime_artifact.container_configuration.container_uri",
        BEDROCK,
    ),
    place("aws_bedrockagentcore_harness", "environment_artifact.container_configuration.container_uri", BEDROCK),
    place("docker_image", "name", Service::NeedsLogin),
    place("docker_container", "image", Service::NeedsLogin),
    place("docker_registry_image", "name", Service::NeedsLogin),
    place("docker_service", "task_spec.container_spec.image", Service::NeedsLogin),
];
