//! The destination as an expression: what a file says instead of a host, so that one text holds for every account.

mod given;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use given::{is_action, is_python_value, is_template, is_terraform_value, is_typescript_value, pairs};

/// A language in which a text can name a registry without its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Notation {
    /// Strings of Terraform, which are templates: `${local.ecr_registry}`.
    Terraform,
    /// `Fn::Sub` of CloudFormation: `${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}`.
    CloudFormation,
    /// Arguments of a Dockerfile: `${ECR_REGISTRY}`.
    Dockerfile,
    /// Templates of Helm charts: `{{ $.Values.ecrRegistry }}`.
    Helm,
    /// Templates of TypeScript and JavaScript: `${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}`.
    TypeScript,
    /// Strings of Python with values in them: `{Aws.ACCOUNT_ID}.dkr.ecr.{Aws.REGION}.{Aws.URL_SUFFIX}`.
    Python,
}

/// The registry of the account and the region that a stack is in.
const OF_STACK: &str = "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}";
/// The same in programs, by the class of the CDK that has these.
const IN_TYPESCRIPT: &str = "${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}";
const IN_PYTHON: &str = "{Aws.ACCOUNT_ID}.dkr.ecr.{Aws.REGION}.{Aws.URL_SUFFIX}";

impl Notation {
    const ALL: [Notation; 6] = [
        Notation::Terraform,
        Notation::CloudFormation,
        Notation::Dockerfile,
        Notation::Helm,
        Notation::TypeScript,
        Notation::Python,
    ];

    /// Its name in flags and configuration.
    pub fn name(self) -> &'static str {
        match self {
            Notation::Terraform => "terraform",
            Notation::CloudFormation => "cloudformation",
            Notation::Dockerfile => "dockerfile",
            Notation::Helm => "helm",
            Notation::TypeScript => "typescript",
            Notation::Python => "python",
        }
    }

    /// Whether it is that of programs, which not every build of this library reads.
    #[doc(hidden)]
    pub fn is_of_programs(self) -> bool {
        matches!(self, Notation::TypeScript | Notation::Python)
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
    /// The expression of a language, as a user names it; without one, CloudFormation and programs say where the stack is.
    ///
    /// # Errors
    ///
    /// [`ExpressionError`] if the language has no such expression.
    pub fn new(notation: Notation, given: &str) -> Result<Self, ExpressionError> {
        let error = || ExpressionError::Expression(notation, given.to_owned());
        let is_balanced =
            pairs(given, '(', ')') && pairs(given, '[', ']') && given.matches('"').count().is_multiple_of(2);
        if given.trim() != given || given.chars().any(char::is_control) || !is_balanced {
            return Err(error());
        }
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let text = match notation {
            Notation::CloudFormation if given.is_empty() => OF_STACK.to_owned(),
            Notation::Terraform if given.contains("${") && is_template(given, "${", "}", |_| true) => given.to_owned(),
            Notation::Terraform if is_terraform_value(given) => format!("${{{given}}}"),
            Notation::CloudFormation
                if is_template(given, "${", "}", |name| name.chars().all(|c| is_word(c) || ":.".contains(c))) =>
            {
                given.to_owned()
            }
            Notation::Dockerfile
                if given.starts_with(|c: char| is_word(c) && !c.is_ascii_digit()) && given.chars().all(is_word) =>
            {
                format!("${{{given}}}")
            }
            Notation::Helm if is_template(given, "{{", "}}", is_action) => given.to_owned(),
            Notation::TypeScript if given.is_empty() => IN_TYPESCRIPT.to_owned(),
            Notation::TypeScript if is_template(given, "${", "}", is_typescript_value) => given.to_owned(),
            Notation::Python if given.is_empty() => IN_PYTHON.to_owned(),
            Notation::Python if is_template(given, "{", "}", is_python_value) => given.to_owned(),
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

    /// The same by what a program calls the class of the CDK that knows account and region, if it names that class.
    #[doc(hidden)]
    pub fn by_class(&self, class: &str) -> Option<Self> {
        let is_of_class = self.text == IN_TYPESCRIPT || self.text == IN_PYTHON;
        let text = is_of_class.then(|| self.text.replace("{Aws.", &format!("{{{class}.")))?;
        Some(Expression { notation: self.notation, text })
    }

    /// Whether a name is in what is filled in.
    #[doc(hidden)]
    pub fn names(&self, name: &str) -> bool {
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        self.text.match_indices(name).any(|(at, _)| {
            let (before, after) = (&self.text[..at], &self.text[at + name.len()..]);
            !before.ends_with(|c| is_word(c) || c == '.')
                && !after.starts_with(is_word)
                && before.matches('{').count() > before.matches('}').count()
        })
    }

    /// Whether it has a `.` of Helm that is not the root's: what it says depends on where it stands.
    #[doc(hidden)]
    pub fn is_relative(&self) -> bool {
        let mut quote = None;
        let mut before = ' ';
        self.notation == Notation::Helm
            && self.text.chars().any(|c| {
                let last = std::mem::replace(&mut before, c);
                match quote {
                    Some(open) => {
                        quote = quote.filter(|_| c != open);
                        false
                    }
                    None => {
                        quote = Some(c).filter(|c| matches!(c, '"' | '`' | '\''));
                        c == '.' && (last.is_whitespace() || matches!(last, '{' | '(' | '|' | ',' | '='))
                    }
                }
            })
    }

    /// How many bytes of a text it takes up, if the text begins with it. Spaces within its brackets do not count, nor do
    /// the brackets around an argument of a Dockerfile.
    #[doc(hidden)]
    pub fn leads(&self, text: &str) -> Option<usize> {
        if text.starts_with(&self.text) {
            return Some(self.text.len());
        }
        if let (Notation::Dockerfile, Some(name)) = (self.notation, self.name()) {
            let rest = text.strip_prefix('$')?.strip_prefix(name)?;
            let goes_on = rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            return (!goes_on).then_some(text.len() - rest.len());
        }
        // What is added to a text of Python stands in it as a hole of any language.
        let shift = usize::from(self.notation == Notation::Python && text.starts_with("${"));
        if shift > 0 && text[shift..].starts_with(&self.text) {
            return Some(self.text.len() + shift);
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
                 cloudformation, dockerfile, helm, typescript, python"
            ),
            ExpressionError::Expression(notation, given) => {
                let example = match notation {
                    Notation::Terraform => {
                        "the name of a value, a call, or a host with `${…}` in it, for example \
                         terraform=local.ecr_registry"
                    }
                    Notation::CloudFormation => {
                        "a host with `${…}` in it, as in a `Fn::Sub`, or nothing for the stack's own registry"
                    }
                    Notation::Dockerfile => "the name of an argument, for example dockerfile=ECR_REGISTRY",
                    Notation::Helm => {
                        "a host with actions in it that give text, for example helm={{ $.Values.ecrRegistry }}"
                    }
                    Notation::TypeScript => {
                        "a host with `${…}` in it, for example typescript=${registry}, or nothing for the stack's own \
                         registry"
                    }
                    Notation::Python => {
                        "a host with `{…}` in it, for example python={registry}, or nothing for the stack's own registry"
                    }
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
            ("helm={{ include \"a}}b\" $ }}", "{{ include \"a}}b\" $ }}"),
            ("helm={{ $.Values.a }}.dkr.ecr.{{ $.Values.b }}.aws", "{{ $.Values.a }}.dkr.ecr.{{ $.Values.b }}.aws"),
            ("typescript", IN_TYPESCRIPT),
            ("typescript=${registry}", "${registry}"),
            (
                "typescript=${this.account}.dkr.ecr.${cdk.Aws.REGION}.aws",
                "${this.account}.dkr.ecr.${cdk.Aws.REGION}.aws",
            ),
            ("typescript=${hosts['a']}", "${hosts['a']}"),
            ("python=", IN_PYTHON),
            ("python={registry}", "{registry}"),
            ("python={self.account}.dkr.ecr.{hosts[\"a\"]}.x", "{self.account}.dkr.ecr.{hosts[\"a\"]}.x"),
            ("terraform=module.ecr.host", "${module.ecr.host}"),
            ("terraform=aws_ecr_repository.a.b", "${aws_ecr_repository.a.b}"),
            ("terraform=join(\".\", [var.a, \"b\"])", "${join(\".\", [var.a, \"b\"])}"),
            ("terraform=${lookup({a = \"}\"}, \"a\")}.x", "${lookup({a = \"}\"}, \"a\")}.x"),
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
            "terraform=registry.example.com",
            "terraform=local",
            "terraform=local.",
            "terraform=${}",
            "terraform=${local.a}/b",
            "terraform=${local.a} b",
            "cloudformation=${}",
            "cloudformation=${A",
            "cloudformation=${A}/b",
            "cloudformation=${!A}",
            "helm={{ .a }} x {{ .b }}",
            "helm={{ }}",
            "helm={{ if .a }}b{{ end }}",
            "helm={{- .a }}",
            "helm={{/* a */}}",
            "cloudformation=111122223333.dkr.ecr.eu-west-1.amazonaws.com",
            "cloudformation=${A} ${B}",
            "cloudformation='${A}'",
            "dockerfile=ECR-REGISTRY",
            "dockerfile=1A",
            "helm=.Values.x",
            "typescript=registry",
            "typescript={registry}",
            "typescript=111122223333.dkr.ecr.eu-west-1.amazonaws.com",
            "typescript=${a}/b",
            "typescript=${`a`}",
            "typescript=${a /* b */}",
            "typescript=${a['}']}",
            "typescript=${a}'",
            "python=registry",
            "python=${registry}",
            "python={{registry}}",
            "python={}",
            "python={a:>9}",
            "python={a!r}",
            "python={a=}",
            "python={a['\\n']}",
            "java=X",
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
        let argument: Expression = "dockerfile=ECR".parse().unwrap();
        let rows =
            [("${ECR}/a", Some(6)), ("$ECR/a", Some(4)), ("$ECRS/a", None), ("${ECR:-x}/a", None), ("ECR/a", None)];
        for (text, length) in rows {
            assert_eq!(argument.leads(text), length, "{text}");
        }
        let template: Expression = "terraform=${var.a}.dkr".parse().unwrap();
        assert_eq!(template.name(), None);
        assert_eq!(template.leads("${ var.a }.dkr/x"), Some(14));
    }

    #[test]
    fn texts_of_programs_that_begin_with_it() {
        let of = |text: &str| text.parse::<Expression>().unwrap();
        let rows = [
            ("typescript=${registry}", "${registry}/a", Some(11)),
            ("typescript=${registry}", "${ registry }/a", Some(13)),
            ("typescript=${registry}", "${registry.x}/a", None),
            ("python={registry}", "{registry}/a", Some(10)),
            // `registry + "/a"`
            ("python={registry}", "${registry}/a", Some(11)),
            ("python={registry}", "$registry/a", None),
        ];
        for (given, text, length) in rows {
            assert_eq!(of(given).leads(text), length, "{given}: {text}");
        }
        let of_class = |given: &str, class: &str| of(given).by_class(class).map(|made| made.text().to_owned());
        let long = "${cdk.Aws.ACCOUNT_ID}.dkr.ecr.${cdk.Aws.REGION}.${cdk.Aws.URL_SUFFIX}";
        assert_eq!(of_class("typescript", "cdk.Aws"), Some(long.to_owned()));
        assert_eq!(of_class("python", "cdk.Aws"), Some(long.replace('$', "")));
        assert_eq!(of_class("typescript=${registry}", "cdk.Aws"), None);
    }

    #[test]
    fn names_in_what_is_filled_in() {
        let expression: Expression = "typescript=a.${this.b}.${c(d)}.e".parse().unwrap();
        for (name, is_there) in [("this", true), ("c", true), ("d", true), ("a", false), ("b", false), ("e", false)] {
            assert_eq!(expression.names(name), is_there, "{name}");
        }
    }

    #[test]
    fn what_depends_on_its_place() {
        let rows = [
            ("{{ .Values.a }}", true),
            ("{{.Values.a}}", true),
            ("{{ include \"a\" . }}", true),
            ("{{ include \"a\" (dict \"x\" .y) }}", true),
            ("{{ $.Values.a }}", false),
            ("{{ include \"a .b\" $ }}", false),
            ("{{ (index $.Values.a 0).b }}", false),
        ];
        for (given, is_relative) in rows {
            let expression = Expression::new(Notation::Helm, given).unwrap();
            assert_eq!(expression.is_relative(), is_relative, "{given}");
        }
    }
}
