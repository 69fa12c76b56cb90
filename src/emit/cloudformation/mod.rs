//! The needs as a CloudFormation template: one tree, which is printed as YAML or as JSON.
//!
//! Partition, region and account are pseudo parameters, unless literals are asked for.

mod endpoints;
mod fragments;
mod rules;

use super::statements::{self, Resource, Statement};
use super::tree::{Entry, Tree, entry};
use super::{ATTACH, BUILDER, HEAD, Needs, REGISTRY_POLICY, Section, Style, TOO_LONG, comment, name};
use crate::policy::CacheRule;

pub(super) use fragments::fragments;

/// The logical id of the policy of whoever pulls.
const POLICY: &str = "PullThroughCachePolicy";
const OWN_REPOSITORY: &str = "BuilderRepositoryArn";
const PRINCIPALS: &str = "PullingRoleArns";

/// The comment before the template in YAML.
pub(super) fn head(needs: &Needs, sections: &[Section], style: Style) -> String {
    let has_policy = sections.contains(&Section::Iam) || sections.contains(&Section::Builder);
    let capabilities = if has_policy { " with --capabilities CAPABILITY_IAM," } else { "" };
    let placeholders = style.literals.then(|| needs.placeholders()).flatten();
    let deploy = format!("Deploy{capabilities} {}.", needs.home());
    [comment(HEAD), comment([deploy]), comment(placeholders)].concat()
}

/// The template, if there is anything to create or to say.
pub(super) fn template(needs: &Needs, sections: &[Section], style: Style) -> Option<Tree> {
    let mut stack = Stack { needs, sections, style, ..Stack::new(needs, style) };
    for section in sections {
        match section {
            Section::Rules => rules::rules(&mut stack),
            Section::Templates => rules::templates(&mut stack),
            Section::Iam => stack.policy(),
            Section::RegistryPolicy => stack.registry_policy(),
            Section::Builder => stack.builder(),
            Section::Endpoints => endpoints::endpoints(&mut stack),
            Section::Attach | Section::WarmUp | Section::Bots | Section::Login | Section::Kubernetes => {}
        }
    }
    stack.into_tree()
}

/// What is put into a template.
struct Stack<'n> {
    needs: &'n Needs,
    sections: &'n [Section],
    style: Style,
    parameters: Vec<Entry>,
    resources: Vec<Entry>,
    outputs: Vec<Entry>,
}

impl<'n> Stack<'n> {
    fn new(needs: &'n Needs, style: Style) -> Self {
        let (parameters, resources, outputs) = (Vec::new(), Vec::new(), Vec::new());
        Stack { needs, sections: &[], style, parameters, resources, outputs }
    }

    fn into_tree(mut self) -> Option<Tree> {
        if self.resources.is_empty() && self.outputs.is_empty() {
            return None;
        }
        if self.resources.is_empty() {
            let none = vec![entry("Type", "AWS::CloudFormation::WaitConditionHandle")];
            let why = ["A template needs a resource, and this one creates nothing."];
            self.resources.push(entry("Nothing", none).saying(why));
        }
        let description = "What image references need to go through the pull-through cache of ECR. Deploy this before \
                           the references change, and attach its policy to the roles that pull.";
        // JSON has no comment to say it in.
        let placeholders = self.style.literals.then(|| self.needs.placeholders()).flatten();
        let description = [description.to_owned()].into_iter().chain(placeholders).collect::<Vec<String>>().join(" ");
        let mut entries = vec![entry("AWSTemplateFormatVersion", "2010-09-09"), entry("Description", description)];
        let parts = [("Parameters", self.parameters), ("Resources", self.resources), ("Outputs", self.outputs)];
        entries.extend(parts.into_iter().filter(|part| !part.1.is_empty()).map(|(key, part)| entry(key, part)));
        Some(entries.into())
    }

    fn parameter(&mut self, name: &str, kind: &str, description: &str) {
        let properties = vec![entry("Type", kind), entry("Description", description)];
        self.parameters.push(entry(name, properties));
    }

    fn output(&mut self, name: &str, description: &str, value: Tree) {
        self.outputs.push(entry(name, vec![entry("Description", description), entry("Value", value)]));
    }

    /// A text that holds the names of pseudo parameters.
    fn text(&self, text: String) -> Tree {
        if text.contains("${AWS::") { Tree::call("Sub", text) } else { Tree::from(text) }
    }

    fn region(&self) -> String {
        match self.style.literals {
            true => self.needs.registry.region().to_owned(),
            false => "${AWS::Region}".to_owned(),
        }
    }

    /// What ARNs of repositories begin with.
    fn repositories(&self) -> String {
        match self.style.literals {
            true => self.needs.repository_arn(),
            false => "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository".to_owned(),
        }
    }

    fn document(&self, statements: &[Statement]) -> Tree {
        let arn = |resource: &Resource| match resource {
            Resource::Everything => Tree::from("*"),
            Resource::Repositories(names) => self.text(format!("{}/{names}", self.repositories())),
            Resource::Own => Tree::call("Ref", OWN_REPOSITORY),
        };
        statements::document(statements, arn, None)
    }

    fn policy(&mut self) {
        self.managed(POLICY, &ATTACH, &statements::pull(self.needs));
        let description = "The policy to attach to the roles that pull images";
        self.output("PullThroughCachePolicyArn", description, Tree::call("Ref", POLICY));
    }

    fn builder(&mut self) {
        self.parameter(OWN_REPOSITORY, "String", "The ARN of the repository that builds push to");
        self.managed("BuilderPolicy", &BUILDER, &statements::build(self.needs));
        let description = "The policy to attach to the role of builds";
        self.output("BuilderPolicyArn", description, Tree::call("Ref", "BuilderPolicy"));
    }

    fn managed(&mut self, id: &str, note: &[&str], statements: &[Statement]) {
        let properties = vec![entry("PolicyDocument", self.document(statements))];
        let resource = vec![entry("Type", "AWS::IAM::ManagedPolicy"), entry("Properties", properties)];
        let note = note.iter().copied().chain(self.needs.is_too_long().then_some(TOO_LONG));
        self.resources.push(entry(id, resource).saying(note));
    }

    /// The statement as the text of an output: as a resource it would replace the policy that the registry has.
    fn registry_policy(&mut self) {
        self.parameter(PRINCIPALS, "CommaDelimitedList", "The ARNs of the roles that pull");
        let arn = |resource: &Resource| match resource {
            Resource::Repositories(names) => Tree::from(format!("{}/{names}", self.repositories())),
            Resource::Everything | Resource::Own => Tree::from("*"),
        };
        let principals = Tree::texts([format!("${{{PRINCIPALS}}}")]);
        let document = statements::document(&statements::import(self.needs), arn, Some(&principals));
        let roles = Tree::call("Join", vec![Tree::from("\",\""), Tree::call("Ref", PRINCIPALS)]);
        let text = Tree::call("Sub", vec![Tree::from(document.compact()), Tree::from(vec![entry(PRINCIPALS, roles)])]);
        let description = "To be merged into the one policy that the registry has, since another would replace it";
        let output = vec![entry("Description", description), entry("Value", text)];
        let note = REGISTRY_POLICY.into_iter().chain(self.needs.is_too_long().then_some(TOO_LONG));
        self.outputs.push(entry("RegistryPolicyStatement", output).saying(note));
    }
}

/// What the parameters and resources of a rule begin with: letters and digits only.
fn logical_id(rule: &CacheRule) -> String {
    let name = name(rule);
    name.split('-').filter_map(|word| Some(word.get(..1)?.to_ascii_uppercase() + word.get(1..)?)).collect()
}
