//! Rule files to a rule set: read, checked, compiled, ready for all threads.

use crate::checked::checked;
use crate::lists;
use crate::reading::{self, Read};
use crate::rule::{Finding, Rule, RuleType, Source};
use crate::settings::Settings;
use mailhound_files::yara;
use mailhound_functions::Environment;
use mailhound_mql::typed::Typed;
use mailhound_mql::{Diagnostic, Plan, Planner, Program, Ready, Size, compile};
use mailhound_value::{Maybe, NamedList};
use std::sync::Arc;

/// A rule that runs.
pub struct CompiledRule {
    /// What it says of itself.
    pub rule: Rule,
    /// What it does.
    pub program: Program,
    /// What it is written as, and where in the file.
    pub(crate) source: Source,
}

/// What was found about one rule file.
pub struct Checked {
    /// The file, as it was given.
    pub path: String,
    /// The rule's name; `None` when the file is no rule.
    pub name: Option<String>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// True when the rule can run.
    pub fn is_ok(&self) -> bool {
        !self.findings.iter().any(|finding| finding.code.severity() == mailhound_mql::Severity::Error)
    }
}

/// What was found about a YARA file.
pub struct YaraProblem {
    /// The file, as it was given.
    pub path: String,
    /// What is wrong.
    pub problem: yara::Problem,
}

/// Findings of one rule that are kept.
const MAX_FINDINGS: usize = 200;

/// Collects rules.
pub struct Builder {
    settings: Settings,
    rules: Vec<CompiledRule>,
    planner: Planner,
    yara: yara::Compiler,
    yara_files: usize,
}

impl Builder {
    /// A builder without rules.
    pub fn new(settings: Settings) -> Builder {
        Builder { settings, rules: Vec::new(), planner: Planner::default(), yara: yara::Compiler::new(), yara_files: 0 }
    }

    /// Adds a rule file with MQL. A file that does not compile adds nothing; what is wrong is returned either way.
    pub fn add_mql(&mut self, path: &str, text: &str) -> Checked {
        let read = reading::one(path, text, &self.settings);
        self.add(path, read)
    }

    /// Adds rule files with MQL, each a path and a text, on all processors. What comes of it is the same as with [`Builder::add_mql`] on one after
    /// the other, to which the results are equal; so is the order of the rules.
    pub fn add_all(&mut self, files: &[(&str, &str)]) -> Vec<Checked> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        if threads == 1 {
            return files.iter().map(|(path, text)| self.add_mql(path, text)).collect();
        }
        let (ready, settings) = (Arc::<Ready>::default(), self.settings.clone());
        self.planner.take_from(Arc::clone(&ready));
        let mut all = Vec::with_capacity(files.len());
        reading::all(files, &settings, &ready, threads, |path, read| all.push(self.add(path, read)));
        self.planner.take_from(Arc::default());
        all
    }

    fn add(&mut self, path: &str, read: Read) -> Checked {
        let Read { mut file, checked } = read;
        let name = file.rule.as_ref().map(|(rule, _)| rule.name.clone());
        if let (Some((rule, source)), Some((typed, diagnostics))) = (file.rule, checked) {
            let (program, diagnostics) = self.plan(&typed, diagnostics, &source.text);
            let more = diagnostics.len().saturating_sub(MAX_FINDINGS);
            file.findings.extend(diagnostics.into_iter().take(MAX_FINDINGS).map(|fault| in_file(&source, fault)));
            if let Some(last) = file.findings.last_mut().filter(|_| more > 0) {
                last.help = Some(format!("{more} more findings in this rule are not shown"));
            }
            file.findings.sort_by_key(|finding| (finding.line, finding.column));
            if let Some(program) = program {
                self.rules.push(CompiledRule { rule, program, source });
            }
        }
        Checked { path: path.to_owned(), name, findings: file.findings }
    }

    /// Adds a file of YARA rules. Rules that compile are kept; what is wrong with the others is returned.
    pub fn add_yara(&mut self, path: &str, source: &[u8]) -> Vec<YaraProblem> {
        self.yara_files += 1;
        let problems = self.yara.add(path, source);
        problems.into_iter().map(|problem| YaraProblem { path: path.to_owned(), problem }).collect()
    }

    /// Compiles one expression; `None` with errors among the diagnostics.
    pub fn compile(&mut self, source: &str, kind: RuleType) -> (Option<Program>, Vec<Diagnostic>) {
        let (typed, diagnostics) = checked(source, kind, &self.settings);
        self.plan(&typed, diagnostics, source)
    }

    fn plan(&mut self, typed: &Typed, mut diagnostics: Vec<Diagnostic>, source: &str) -> (Option<Program>, Vec<Diagnostic>) {
        let (draft, faults) = compile(typed, source, &mut self.planner);
        diagnostics.extend(faults);
        // A mistake in the syntax can cause others that are found later.
        diagnostics.sort_by_key(|fault| (!fault.code.is_syntax(), fault.span));
        let broken = diagnostics.iter().any(Diagnostic::is_error);
        ((!broken).then(|| self.planner.keep(&draft)), diagnostics)
    }

    /// The rule set.
    pub fn build(self) -> RuleSet {
        let Builder { settings, rules, planner, yara, yara_files } = self;
        let (names, reads) = (planner.lists().to_vec(), planner.reads().clone());
        let resolve = || names.iter().map(|name| lists::resolve(name, &settings)).collect::<Vec<_>>();
        let (lists, (plan, yara)) = reading::beside(resolve, || (planner.finish(), (yara_files > 0).then(|| Arc::new(yara.build()))));
        let free_mail = lists::resolve("free_email_providers", &settings).unwrap_or_else(|_| Arc::new(NamedList::texts(Vec::new(), None)));
        let environment = Environment { limits: settings.limits.clone(), yara, history: settings.history.clone(), free_mail, reads: None };
        let running = Environment { reads: Some(Arc::new(reads)), ..environment.clone() };
        RuleSet { rules, plan, lists, environment, running, settings }
    }
}

/// A diagnostic at its place in the file.
fn in_file(source: &Source, fault: Diagnostic) -> Finding {
    let (line, column) = source.place(fault.span.start as usize);
    let end = source.place(fault.span.end as usize);
    Finding { code: fault.code, message: fault.message, help: fault.help, line, column, end }
}

/// Rules that are ready to run. Immutable; threads share it.
pub struct RuleSet {
    pub(crate) rules: Vec<CompiledRule>,
    pub(crate) plan: Plan,
    pub(crate) lists: Vec<Maybe<Arc<NamedList>>>,
    pub(crate) environment: Environment,
    /// The same for the rules of the set, which read known fields.
    pub(crate) running: Environment,
    pub(crate) settings: Settings,
}

impl RuleSet {
    /// The MQL rules in the order in which they were added.
    pub fn rules(&self) -> &[CompiledRule] {
        &self.rules
    }

    /// How large the plan of the rules is.
    pub fn size(&self) -> Size {
        self.plan.size()
    }

    /// The function and the text of a constant, by its number in [`crate::Profile`].
    pub fn constant(&self, number: usize) -> Option<(&'static str, &str)> {
        self.plan.constant(number)
    }

    /// The YARA rules; `None` when no YARA file was added.
    pub fn yara(&self) -> Option<&yara::Rules> {
        self.environment.yara.as_deref()
    }

    /// What the run is set up with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}
