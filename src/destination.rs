//! The destination as an expression: what a file says instead of a host, so that one text holds for every account.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A language in which a text can name a registry without its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Notation {
    /// Strings of Terraform, which are templates: `${local.ecr_registry}`.
    Terraform,
    /// `Fn::Sub` of CloudFormation: `${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}`.
    CloudFormation,
    /// Arguments of a Dockerfile: `${ECR_REGISTRY}`.
    Dockerfile,
    /// Templates of Helm charts: `{{ .Values.ecrRegistry }}`.
    Helm,
}

/// The registry of the account and the region that a stack is in.
const OF_STACK: &str = "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}";

impl Notation {
    const ALL: [Notation; 4] = [Notation::Terraform, Notation::CloudFormation, Notation::Dockerfile, Notation::Helm];

    /// Its name in flags and configuration.
    pub fn name(self) -> &'static str {
        match self {
            Notation::Terraform => "terraform",
            Notation::CloudFormation => "cloudformation",
            Notation::Dockerfile => "dockerfile",
            Notation::Helm => "helm",
        }
    }
}

/// What texts of one language say instead of the registry's host. Written `terraform=local.ecr_registry`.
///
/// ```
/// use ecrewrite::destination::{Expression, Notation};
///
/// let expression: Expression = "terraform=local.ecr_registry".parse()?;
/// assert_eq!(expression.notation(), Notation::Terraform);
/// assert_eq!(expression.text(), "${local.ecr_registry}");
/// # Ok::<(), ecrewrite::destination::ExpressionError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    notation: Notation,
    text: String,
}

impl Expression {
    /// The expression of a language, as a user names it; without one, CloudFormation says where the stack is.
    ///
    /// # Errors
    ///
    /// [`ExpressionError`] if the language has no such expression.
    pub fn new(notation: Notation, given: &str) -> Result<Self, ExpressionError> {
        let error = || ExpressionError::Expression(notation, given.to_owned());
        let is_of = |more: &str| given.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || more.contains(c));
        let pairs = |open: char, close: char| given.matches(open).count() == given.matches(close).count();
        let is_balanced =
            pairs('{', '}') && pairs('(', ')') && pairs('[', ']') && given.matches('"').count().is_multiple_of(2);
        if given.trim() != given || given.chars().any(char::is_control) || !is_balanced {
            return Err(error());
        }
        let text = match notation {
            Notation::CloudFormation if given.is_empty() => OF_STACK.to_owned(),
            _ if given.is_empty() => return Err(error()),
            Notation::Terraform if given.contains("${") => given.to_owned(),
            // Anything but a name or a call would be a text of its own.
            Notation::Terraform if given.starts_with(|c: char| c.is_ascii_alphabetic()) => format!("${{{given}}}"),
            Notation::CloudFormation if given.contains("${") && is_of("$:{}.-") => given.to_owned(),
            Notation::Dockerfile if is_of("") && !given.starts_with(|c: char| c.is_ascii_digit()) => {
                format!("${{{given}}}")
            }
            Notation::Helm if given.starts_with("{{") && given.ends_with("}}") => given.to_owned(),
            _ => return Err(error()),
        };
        Ok(Expression { notation, text })
    }

    /// The language it belongs to.
    pub fn notation(&self) -> Notation {
        self.notation
    }

    /// What a text of the language has where the host would stand.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The name of what it fills in, if it is nothing but that: `local.ecr_registry`, `ECR_REGISTRY`.
    pub fn name(&self) -> Option<&str> {
        let name = self.text.strip_prefix("${")?.strip_suffix('}')?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        name.chars().all(is_name).then_some(name)
    }

    /// How many bytes of a text it takes up, if the text begins with it. Spaces within its brackets do not count.
    pub fn leads(&self, text: &str) -> Option<usize> {
        if text.starts_with(&self.text) {
            return Some(self.text.len());
        }
        let mut rest = text;
        for next in self.text.chars().filter(|c| *c != ' ') {
            let after = rest.trim_start_matches(' ');
            // Before it, space is not within brackets.
            if rest.len() != after.len() && rest.len() == text.len() {
                return None;
            }
            rest = after.strip_prefix(next)?;
        }
        Some(text.len() - rest.len())
    }
}

impl FromStr for Expression {
    type Err = ExpressionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, given) = text.split_once('=').unwrap_or((text, ""));
        let notation = Notation::ALL.into_iter().find(|notation| notation.name() == name);
        Expression::new(notation.ok_or_else(|| ExpressionError::Notation(name.to_owned()))?, given)
    }
}

/// The expressions in use, at most one a language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expressions(BTreeMap<Notation, Expression>);

impl Expressions {
    /// The expression of a language.
    pub fn get(&self, notation: Notation) -> Option<&Expression> {
        self.0.get(&notation)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Expression> for Expressions {
    /// Of two expressions of one language the first holds.
    fn from_iter<I: IntoIterator<Item = Expression>>(expressions: I) -> Self {
        let mut all = BTreeMap::new();
        for expression in expressions {
            all.entry(expression.notation).or_insert(expression);
        }
        Expressions(all)
    }
}

/// Why a text is no destination.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExpressionError {
    /// No language of this name takes one.
    Notation(String),
    /// The language does not take this.
    Expression(Notation, String),
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExpressionError::Notation(name) => write!(
                f,
                "`{name}` has no expression for a registry: write LANGUAGE=EXPRESSION, the languages are terraform, \
                 cloudformation, dockerfile, helm"
            ),
            ExpressionError::Expression(notation, given) => {
                let example = match notation {
                    Notation::Terraform => "an expression, for example terraform=local.ecr_registry",
                    Notation::CloudFormation => {
                        "text of a `Fn::Sub` without quotes and spaces, or nothing for the stack's own registry"
                    }
                    Notation::Dockerfile => "the name of an argument, for example dockerfile=ECR_REGISTRY",
                    Notation::Helm => "an action, for example helm={{ .Values.ecrRegistry }}",
                };
                write!(f, "`{given}` is no registry in {}: write {example}", notation.name())
            }
        }
    }
}

impl std::error::Error for ExpressionError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_and_what_is_none() {
        let rows = [
            ("terraform=local.ecr_registry", "${local.ecr_registry}"),
            ("terraform=var.hosts[\"eu\"]", "${var.hosts[\"eu\"]}"),
            (
                "terraform=${var.account}.dkr.ecr.eu-west-1.amazonaws.com",
                "${var.account}.dkr.ecr.eu-west-1.amazonaws.com",
            ),
            ("cloudformation", OF_STACK),
            ("cloudformation=", OF_STACK),
            ("cloudformation=${EcrRegistry}", "${EcrRegistry}"),
            ("dockerfile=ECR_REGISTRY", "${ECR_REGISTRY}"),
            ("helm={{ .Values.ecrRegistry }}", "{{ .Values.ecrRegistry }}"),
        ];
        for (given, text) in rows {
            let read = given.parse::<Expression>().map(|expression| expression.text().to_owned());
            assert_eq!(read, Ok(text.to_owned()), "{given}");
        }
        for given in [
            "terraform",
            "terraform=",
            "terraform=\"x\"",
            "terraform=local.x\n",
            "terraform=var.x[\"a\"",
            "cloudformation=111122223333.dkr.ecr.eu-west-1.amazonaws.com",
            "cloudformation=${A} ${B}",
            "cloudformation='${A}'",
            "dockerfile=ECR-REGISTRY",
            "dockerfile=1A",
            "helm=.Values.x",
            "compose=X",
        ] {
            assert!(given.parse::<Expression>().is_err(), "{given}");
        }
    }

    #[test]
    fn texts_that_begin_with_it() {
        let expression: Expression = "terraform=local.x".parse().unwrap();
        assert_eq!(expression.name(), Some("local.x"));
        let rows = [
            ("${local.x}/a", Some(10)),
            ("${ local.x }/a", Some(12)),
            (" ${local.x}/a", None),
            ("${local.xy}/a", None),
            ("${local.y}/a", None),
            ("${local.x", None),
            ("", None),
        ];
        for (text, length) in rows {
            assert_eq!(expression.leads(text), length, "{text}");
        }
        let template: Expression = "terraform=${var.a}.dkr".parse().unwrap();
        assert_eq!(template.name(), None);
        assert_eq!(template.leads("${ var.a }.dkr/x"), Some(14));
    }
}
