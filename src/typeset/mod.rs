//! Typesetting: a paper and its library to pages, and pages to a PDF. Any paper goes this one way.

mod document;
mod fonts;
mod paper;
mod pass;
mod problems;
mod screen;
mod spans;
mod text;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::thread::{self, ScopedJoinHandle};

use chrono::Datelike;
use typst::diag::{SourceDiagnostic, Warned};
use typst::ecow::EcoVec;
use typst::foundations::{Bytes, Datetime, Smart};
use typst::layout::{Frame, FrameItem};
use typst::syntax::Span;
use typst::text::Font;
use typst::utils::LazyHash;
use typst::{Feature, LibraryExt};
use typst_kit::files::FileStore;
use typst_kit::fonts::FontStore;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

pub use document::Document;
pub use paper::{Paper, Properties};
pub use pass::Settled;
pub use text::ClauseText;

use crate::contract::Contract;
use crate::diagnostic::{Diagnostic, Problems};
use crate::library::fonts::{damaged_table, is_font};
use crate::library::{Library, PaperKind};
use crate::pdf::{self, Additions, Attachment, Relation};
use spans::Spans;
use world::{LibraryFiles, PaperWorld, Shared};

/// How much stack a thread needs that Typst evaluates or lays out on, in bytes: it does so recursively, and a
/// thread's usual stack is too small for that.
pub const STACK: usize = 64 * 1024 * 1024;

/// What typesetting needs of a library, ready for any number of its papers: Typst itself, the fonts,
/// and the library's files, each parsed once.
pub struct Typesetter<'a> {
    shared: Shared<'a>,
}

impl<'a> Typesetter<'a> {
    /// Gets ready for the papers of a library.
    ///
    /// # Errors
    ///
    /// If a font of the layout cannot be read.
    pub fn new(library: &'a Library) -> Result<Self, Problems> {
        let mut store = FontStore::new();
        let mut problems = Problems::new();
        for path in library.layout_paths(PaperKind::Contract) {
            match fonts_in(library, path) {
                Ok(fonts) => store.extend(fonts.into_iter().map(|font| {
                    let info = font.info().clone();
                    (font, info)
                })),
                Err(problem) => problems.push(problem),
            }
        }
        problems.or(())?;
        store.extend(fonts::embedded());
        let features = [Feature::A11yExtras, Feature::Html].into_iter().collect();
        let shared = Shared {
            library,
            typst: LazyHash::new(typst::Library::builder().with_features(features).build()),
            fonts: store,
            files: FileStore::new(LibraryFiles(library)),
            spans: Spans::default(),
        };
        Ok(Self { shared })
    }

    /// Lays a paper out.
    ///
    /// # Errors
    ///
    /// If the layout has no file for this paper. Whatever Typst finds wrong in a clause or the layout, its
    /// warnings too: a page number that did not settle or a font that is not there would make a wrong document.
    /// And each character that no font has.
    pub fn lay_out<'p>(&self, paper: &'p dyn Paper) -> Result<Document<'p>, Problems> {
        self.lay_out_like(paper, None)
    }

    /// Lays a paper out, in fewer passes if its pages say of its parts what those of another paper do. The pages are the
    /// same with and without it.
    ///
    /// # Errors
    ///
    /// Those of [`Self::lay_out`].
    pub fn lay_out_like<'p>(
        &self,
        paper: &'p dyn Paper,
        other: Option<&Settled>,
    ) -> Result<Document<'p>, Problems> {
        let project = paper.project(self.shared.library);
        if !project.files.contains_key(project.main_file()) {
            return Err(no_layout(self.shared.library, paper.kind()).into());
        }
        let world = PaperWorld::new(&self.shared, &project);
        // Beside the layout, which then finds clauses evaluated.
        let beside =
            || paper.contract().map_or_else(|| Ok(BTreeMap::new()), |it| text::texts(&world, it));
        let (compiled, texts) = thread::scope(|scope| {
            let texts = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, beside);
            let like = other.and_then(|other| pass::like(&world, other));
            let compiled = like.map_or_else(
                || typst::compile::<PagedDocument>(&world),
                |pages| Warned { output: Ok(pages), warnings: EcoVec::new() },
            );
            (compiled, texts.map(ScopedJoinHandle::join))
        });
        let texts = match texts {
            Ok(Ok(texts)) => texts,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => beside(),
        };
        let mut found: Vec<_> = compiled.warnings.into_iter().collect();
        let mut pages = match compiled.output {
            Ok(pages) if found.is_empty() => pages,
            Ok(_) => return Err(problems::of(&world, paper, found)),
            Err(errors) => {
                found.extend(errors);
                let mut others = texts.err().unwrap_or_default();
                others.retain(|other| {
                    let is_same = |known: &SourceDiagnostic| {
                        known.span == other.span && known.message == other.message
                    };
                    !found.iter().any(is_same)
                });
                found.extend(others);
                return Err(problems::of(&world, paper, found));
            }
        };
        let unknown = characters_without_glyph(&pages);
        if !unknown.is_empty() {
            let report = |(c, span)| problems::no_glyph(&world, paper, c, span);
            return Err(unknown.into_iter().map(report).collect());
        }
        describe(&mut pages, paper);
        let fields = document::declared_fields(&pages).map_err(|bad| -> Problems {
            bad.iter().map(|bad| problems::bad_field(&world, bad)).collect()
        })?;
        let texts = texts.map_err(|errors| problems::of(&world, paper, errors))?;
        Ok(Document { paper, pages, fields, texts })
    }

    /// The text of each clause that a contract uses, by the clause's path, without laying anything out.
    ///
    /// # Errors
    ///
    /// Whatever Typst finds wrong in a clause as it evaluates it.
    pub fn texts(&self, contract: &Contract) -> Result<BTreeMap<String, ClauseText>, Problems> {
        let project = contract.project(self.shared.library);
        let world = PaperWorld::new(&self.shared, &project);
        text::texts(&world, contract).map_err(|errors| problems::of(&world, contract, errors))
    }

    /// Writes a laid-out paper as PDF/A-3a and PDF/UA-1, with its form fields and with its JSON as an
    /// attachment.
    ///
    /// # Errors
    ///
    /// If the pages break a rule of these standards, or a field is not placed exactly once.
    pub fn export(&self, document: &Document<'_>) -> Result<Vec<u8>, Problems> {
        let paper = document.paper;
        let properties = paper.properties();
        let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1])
            .map_err(|error| vec![Diagnostic::failure(error.message().as_str())])?;
        let options = PdfOptions {
            ident: Smart::Custom(properties.digest.clone()),
            creator: Smart::Custom(Some(concat!("dpa-gen ", env!("CARGO_PKG_VERSION")).into())),
            standards,
            ..PdfOptions::default()
        };
        let project = paper.project(self.shared.library);
        let world = PaperWorld::new(&self.shared, &project);
        let pdf = typst_pdf::pdf(&document.pages, &options)
            .map_err(|errors| problems::of(&world, paper, errors))?;
        let fields: Vec<_> = document.fields.iter().map(|(field, _)| field.clone()).collect();
        let attachments = [attachment(document, &properties)];
        let additions = Additions { fields: &fields, attachments: &attachments };
        pdf::complete(&pdf, &additions).map_err(|problem| match problem {
            pdf::FormError::Fields(misplaced) => misplaced
                .iter()
                .map(|misplaced| problems::misplaced(&world, misplaced, &document.fields))
                .collect(),
            pdf::FormError::Unexpected(what) => {
                Diagnostic::failure(format!("the PDF that Typst wrote lacks {what}")).into()
            }
        })
    }
}

/// What the paper was made of: the document's own source.
fn attachment(document: &Document<'_>, properties: &Properties) -> Attachment {
    Attachment {
        relation: Relation::Source,
        name: document.paper.kind().json_file(),
        description: properties.source.clone(),
        media_type: "application/json".to_owned(),
        date: properties.day,
        bytes: document.paper.attached_json(&document.texts).into_bytes(),
    }
}

/// The layout in use sets no paper of this kind.
fn no_layout(library: &Library, kind: PaperKind) -> Diagnostic {
    let file = kind.main_file();
    Diagnostic::error(format!("layout `{}` has no `{file}`", library.layout)).hint(format!(
        "a layout sets a {} with its `{file}`; `dpa-gen init` writes the one in the program into a new folder",
        kind.name()
    ))
}

/// Lets go of what Typst remembers of documents before the last two; without it, its memory grows with
/// every document.
pub fn forget() {
    typst::comemo::evict(2);
}

/// The fonts in a file of a layout.
fn fonts_in(library: &Library, path: &str) -> Result<Vec<Font>, Diagnostic> {
    let name = library.layout_files.name(path);
    let problem = |what: String| Diagnostic::error(what).of_file(Path::new(&name));
    let folder = format!("{}/fonts/", library.layout);
    if !path.starts_with(&folder) {
        let unused =
            format!("`{name}` is a font that is not in the layout's `fonts/`, and is not used");
        let hint = format!("move it to `{}`, or remove it", library.layout_files.name(&folder));
        return if is_font(path) { Err(problem(unused).hint(hint)) } else { Ok(Vec::new()) };
    }
    let bytes = library.layout_files.bytes(path).unwrap_or_default();
    let fonts: Vec<Font> = Font::iter(Bytes::new(bytes.to_vec())).collect();
    if !is_font(path) {
        return Ok(fonts);
    }
    if fonts.is_empty() {
        return Err(problem(format!("`{name}` is not a font")));
    }
    match damaged_table(bytes) {
        None => Ok(fonts),
        Some(table) => {
            let damaged = format!("`{name}` is damaged: its table `{table}` has another checksum");
            Err(problem(damaged).hint("get the font again from its maker"))
        }
    }
}

/// Fills in the document's properties. Here and not in the layout: a title that names the client would
/// be part of the style of every paragraph, and none could be reused for the next client.
fn describe(document: &mut PagedDocument, paper: &dyn Paper) {
    let properties = paper.properties();
    let day = properties.day;
    let month = u8::try_from(day.month()).unwrap_or_default();
    let date = u8::try_from(day.day()).unwrap_or_default();
    let info = document.info_mut();
    if let Some(title) = &properties.title {
        // What the layout puts before the title, such as that it is a draft, stays there.
        let set = info.title.take().unwrap_or_default();
        let before = paper.contract().and_then(|contract| set.strip_suffix(&*contract.title));
        info.title = Some(format!("{}{title}", before.unwrap_or_default()).into());
    }
    info.author = vec![properties.author.as_str().into()];
    info.keywords = vec![properties.version.as_str().into(), properties.digest.as_str().into()];
    info.date = Smart::Custom(Datetime::from_ymd(day.year(), month, date));
}

/// The characters on the pages that no font could show, with the place of their first use.
fn characters_without_glyph(document: &PagedDocument) -> Vec<(char, Span)> {
    fn visit(frame: &Frame, found: &mut Vec<(char, Span)>, seen: &mut BTreeSet<char>) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Group(group) => visit(&group.frame, found, seen),
                FrameItem::Text(text) => {
                    for glyph in text.glyphs.iter().filter(|glyph| glyph.id == 0) {
                        for character in text.text[glyph.range()].chars() {
                            if seen.insert(character) {
                                found.push((character, glyph.span.0));
                            }
                        }
                    }
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for page in document.pages() {
        visit(&page.frame, &mut found, &mut seen);
    }
    found
}

#[cfg(test)]
mod tests {
    use typst::World;
    use typst::foundations::{Content, SequenceElem, StyledElem};
    use typst::utils::hash128;

    use super::*;
    use crate::client::Client;
    use crate::contract::Form;
    use crate::contract::project::Project;
    use crate::diagnostic::Source;
    use crate::library::Files;

    /// The styles, outermost first, that a text stands under.
    fn styles_above(content: &Content, text: &str) -> Option<Vec<u128>> {
        if let Some(styled) = content.to_packed::<StyledElem>() {
            let mut styles = styles_above(&styled.child, text)?;
            styles.insert(0, hash128(&styled.styles));
            Some(styles)
        } else if let Some(sequence) = content.to_packed::<SequenceElem>() {
            sequence.children.iter().find_map(|child| styles_above(child, text))
        } else {
            content.plain_text().contains(text).then(Vec::new)
        }
    }

    fn embedded() -> Library {
        let (clauses, layouts) = (Files::embedded_clauses(), Files::embedded_layouts());
        Library::read(clauses, layouts, None).expect("the embedded library")
    }

    fn contract_of(library: &Library, client: &str) -> Contract {
        let file = Source::new("client.toml", client);
        let client = Client::read(&file, library).expect("a good client file");
        Contract::assemble(&client, Form::Fields)
    }

    /// The styles that an article stands under, which begins with these words.
    fn styles_of(library: &Library, contract: &Contract, text: &str) -> Vec<u128> {
        let project = Project::new(contract, library);
        let typesetter = Typesetter::new(library).expect("fonts");
        let world = PaperWorld::new(&typesetter.shared, &project);
        let main = world.source(world.main()).expect("the layout");
        let content = world.evaluate(&main).expect("a layout without errors");
        styles_above(&content, text).expect("the article")
    }

    #[test]
    fn no_value_of_a_client_is_in_the_style_that_an_article_stands_under() {
        let library = embedded();
        let services = "services = [\"website\"]\n[client]\n";
        let styles_of_first = |client: &str| {
            let contract = contract_of(&library, client);
            styles_of(&library, &contract, "Begrippen in deze overeenkomst")
        };
        let one = styles_of_first(&format!("{services}name = \"Een B.V.\""));
        let other = format!(
            "{services}name = \"Twee\"\nkvk = \"12345678\"\naddress = \"Plein 2\"\ncity = \"Ede\"\n\
             legal-form = \"stichting\"\nemail = \"a@b.nl\"\nsignatory = {{ name = \"A. Twee\" }}\n\
             [agreement]\nquote = \"OFF-2\"\ndate = 2026-07-01\n[security]\nextra = [\"Slot.\"]"
        );
        assert!(one.len() > 2, "the layout sets styles: {one:?}");
        assert_eq!(one, styles_of_first(&other));
    }
}
