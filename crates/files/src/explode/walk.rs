//! The walk: from one file to all files in it.

use super::{Node, Options, Scan};
use crate::archive::Budget;
use crate::flavors::Flavors;
use crate::scan::table::{Children, Engine, SCANNERS, Scanner};
use crate::{Partial, name, yara};
use mailhound_value::{Maybe, Reads, Unavailable};

/// All nodes of a file.
pub(super) fn walk(bytes: &[u8], name: Option<&str>, options: &Options<'_>, external: Vec<String>) -> Partial<Node> {
    let yara = options.yara.map(yara::Rules::name_scanner);
    let mut walk = Walk { nodes: Partial::default(), budget: Budget::new(options.limits), yara, reads: options.reads };
    walk.visit(bytes, name, external, Place { depth: 0, parent: None, source: None });
    walk.nodes
}

/// The state of one explosion.
struct Walk<'o> {
    nodes: Partial<Node>,
    budget: Budget<'o>,
    yara: Option<yara::Scanner<'o>>,
    reads: Option<&'o Reads>,
}

/// Where a file was found.
#[derive(Clone, Copy)]
struct Place {
    depth: usize,
    parent: Option<usize>,
    source: Option<&'static str>,
}

/// One file while its scanners run.
pub(crate) struct Visit<'w, 'o, 'b> {
    walk: &'w mut Walk<'o>,
    /// The file.
    pub(crate) bytes: &'b [u8],
    /// What it is taken for.
    pub(crate) flavors: &'b Flavors,
    /// The place of its node in the list.
    at: usize,
    depth: usize,
    scanner: &'static str,
}

impl<'o> Walk<'o> {
    /// Adds the node of a file and of all files in it. Nesting is bounded by the limit of depth.
    fn visit(&mut self, bytes: &[u8], name: Option<&str>, external: Vec<String>, place: Place) {
        let flavors = Flavors::of(bytes, external);
        let Some(at) = self.add(node(name, Ok(bytes.len()), flavors.clone(), place), None) else { return };
        let mut visit = Visit { walk: self, bytes, flavors: &flavors, at, depth: place.depth, scanner: "" };
        for scanner in SCANNERS.iter().filter(|scanner| scanner.runs_on(&flavors)) {
            if scanner.only.is_some_and(|field| !visit.is_read("Scan", field)) {
                continue;
            }
            visit.scanner = scanner.name;
            match &scanner.engine {
                Engine::Built(scan) => scan(&mut visit),
                Engine::Missing(need, children) => visit.miss(scanner, &Unavailable::capability(need), children),
            }
        }
    }

    /// Adds a node unless a limit forbids it, and gives its place. `doubt` is what decides whether it exists.
    fn add(&mut self, mut node: Node, doubt: Option<Unavailable>) -> Option<usize> {
        let limits = self.budget.limits();
        if self.nodes.missing_rest().is_some() {
            return None;
        }
        if usize::try_from(node.depth).is_ok_and(|depth| depth > limits.file_depth) {
            self.nodes.gap(&Unavailable::limit("files.depth"));
            return None;
        }
        let at = self.nodes.places();
        if at >= limits.file_nodes {
            self.nodes.cut(Unavailable::limit("files.nodes"));
            return None;
        }
        node.node_id = at.to_string();
        match doubt {
            None => self.nodes.push(node),
            Some(missing) => self.nodes.push_doubtful(node, missing),
        }
        Some(at)
    }

    /// Adds a gap unless the list is cut or full.
    fn gap(&mut self, missing: &Unavailable) {
        if self.nodes.missing_rest().is_none() {
            self.nodes.gap(missing);
        }
    }

    /// Adds a file whose name is known and whose bytes are not, with a gap for what it holds.
    fn add_opaque(&mut self, name: Option<&str>, missing: &Unavailable, place: Place) {
        let flavors = Flavors { mime: Err(missing.clone()), yara: Err(missing.clone()), external: Vec::new() };
        let mut node = node(name, Err(missing.clone()), flavors, place);
        SCANNERS.iter().filter_map(|scanner| scanner.hide).for_each(|hide| hide(&mut node.scan, missing));
        if self.add(node, None).is_some() {
            self.gap(missing);
        }
    }

    /// Adds a file that exists only perhaps and of which name and MIME type are known, with what its own scanners would add.
    fn add_perhaps(&mut self, name: &str, mime: &str, missing: &Unavailable, place: Place) {
        let flavors = Flavors { mime: Ok(mime.to_owned()), yara: Err(missing.clone()), external: Vec::new() };
        let node = node(Some(name), Err(missing.clone()), flavors.clone(), place);
        let Some(at) = self.add(node, Some(missing.clone())) else { return };
        for scanner in SCANNERS.iter().filter(|scanner| scanner.runs_on(&flavors)) {
            let needs = match scanner.engine {
                Engine::Built(_) => missing.clone(),
                Engine::Missing(need, _) => missing.and(&Unavailable::capability(need)),
            };
            if let (Some(hide), Some(node)) = (scanner.hide, self.nodes.item_mut(at)) {
                hide(&mut node.scan, &needs);
            }
            if let Engine::Missing(_, children) = &scanner.engine {
                self.add_children(scanner.name, children, &needs, at, place.depth);
            }
        }
    }

    /// Adds what stands for the children of a scanner without an engine.
    fn add_children(&mut self, source: &'static str, children: &Children, missing: &Unavailable, at: usize, depth: usize) {
        let place = Place { depth: depth + 1, parent: Some(at), source: Some(source) };
        match children {
            Children::None => {}
            Children::Any | Children::Where(..) => self.gap(missing),
            Children::Perhaps(templates) => {
                templates.iter().for_each(|template| self.add_perhaps(template.name, template.mime, missing, place));
            }
        }
    }
}

fn node(file_name: Option<&str>, size: Maybe<usize>, flavors: Flavors, place: Place) -> Node {
    let file_name = file_name.filter(|name| !name.is_empty());
    Node {
        depth: i64::try_from(place.depth).unwrap_or(i64::MAX),
        file_name: file_name.map(str::to_owned),
        file_extension: file_name.and_then(name::extension).map(str::to_owned),
        size: size.map(|size| i64::try_from(size).unwrap_or(i64::MAX)),
        flavors,
        source: place.source,
        node_id: String::new(),
        parent_node_id: place.parent.map(|parent| parent.to_string()),
        scan: Scan::default(),
    }
}

impl<'o> Visit<'_, 'o, '_> {
    /// Where the scanners write what they found.
    pub(crate) fn scan_mut(&mut self) -> &mut Scan {
        &mut self.walk.nodes.item_mut(self.at).expect("the node that was added before its scanners run").scan
    }

    /// May a field of a shape be read?
    pub(crate) fn is_read(&self, shape: &'static str, field: &'static str) -> bool {
        self.walk.reads.is_none_or(|reads| reads.has(shape, field))
    }

    /// The bytes that may still be unpacked.
    pub(crate) fn budget(&mut self) -> &mut Budget<'o> {
        &mut self.walk.budget
    }

    /// The YARA scanner, when there are rules.
    pub(crate) fn yara(&mut self) -> Option<&mut yara::Scanner<'o>> {
        self.walk.yara.as_mut()
    }

    /// True when no further node will be taken.
    pub(crate) fn is_full(&self) -> bool {
        self.walk.nodes.missing_rest().is_some()
    }

    /// Explodes a file that was found in this one.
    pub(crate) fn child(&mut self, name: Option<&str>, bytes: &[u8], external: Vec<String>) {
        let place = self.below();
        self.walk.visit(bytes, name, external, place);
    }

    /// Explodes a file that was unpacked from this one, or notes that it could not be.
    pub(crate) fn child_or_opaque(&mut self, name: Option<&str>, bytes: Maybe<Vec<u8>>) {
        match bytes {
            Ok(bytes) => self.child(name, &bytes, Vec::new()),
            Err(missing) => {
                let place = self.below();
                self.walk.add_opaque(name, &missing, place);
            }
        }
    }

    /// Notes that files may stand here which are not known.
    pub(crate) fn gap(&mut self, missing: &Unavailable) {
        self.walk.gap(missing);
    }

    fn below(&self) -> Place {
        Place { depth: self.depth + 1, parent: Some(self.at), source: Some(self.scanner) }
    }

    /// What a scanner without an engine leaves.
    fn miss(&mut self, scanner: &Scanner, missing: &Unavailable, children: &Children) {
        let children = match children {
            Children::Where(condition, _) if !condition(self.bytes, self.flavors) => return,
            Children::Where(_, children) => children,
            other => other,
        };
        if let Some(hide) = scanner.hide {
            hide(self.scan_mut(), missing);
        }
        self.walk.add_children(scanner.name, children, missing, self.at, self.depth);
    }
}
