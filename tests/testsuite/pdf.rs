//! The text of a PDF, as a reader gets it: page by page, in the order of the content, line by line.

use std::fmt::Write as _;

use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::content::ops::TypedInstruction;
use hayro_interpret::hayro_syntax::object::{Array, Dict, String as PdfString};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache,
    InterpreterSettings, Paint, PathDrawMode, SoftMask, interpret_page,
};
use kurbo::{Affine, BezPath, Point, Rect, Shape};

/// A page as it was read.
pub struct PageText {
    /// Its lines, from the top. Cells on one baseline are one line, three blanks apart.
    pub lines: Vec<String>,
    /// How far above the foot of the page each line stands, in points.
    pub baselines: Vec<f64>,
    /// The letters that stand partly outside the page.
    pub off_page: String,
}

/// Reads all pages.
pub fn pages(pdf: &[u8]) -> Vec<PageText> {
    let pdf = Pdf::new(pdf.to_vec()).expect("the file should be a PDF");
    let cache = InterpreterCache::new();
    pdf.pages()
        .iter()
        .map(|page| {
            let mut reader = Reader::new(page);
            let mut context = Context::new(
                Affine::IDENTITY,
                reader.paper,
                &cache,
                pdf.xref(),
                InterpreterSettings::default(),
            );
            interpret_page(page, &mut context, &mut reader);
            let (baselines, lines) = reader.lines().into_iter().unzip();
            PageText { lines, baselines, off_page: reader.off_page }
        })
        .collect()
}

/// The whole text, with a line between the pages.
pub fn text(pdf: &[u8]) -> String {
    let mut text = String::new();
    for (index, page) in pages(pdf).iter().enumerate() {
        writeln!(text, "──── page {} ────", index + 1).unwrap();
        for line in &page.lines {
            writeln!(text, "{line}").unwrap();
        }
    }
    text
}

/// A run of glyphs that follow each other on one baseline.
struct Run {
    text: String,
    start: f64,
    end: f64,
    baseline: f64,
    size: f64,
}

/// Notes each glyph's text and place; draws nothing.
struct Reader {
    paper: Rect,
    runs: Vec<Run>,
    off_page: String,
    /// The `ActualText` of each marked content that begins on the page, in order; and how many began.
    replacements: Vec<Option<String>>,
    begun: usize,
    /// For each open marked content the text that its next glyph stands for, instead of its own.
    open: Vec<Option<String>>,
}

impl Reader {
    fn new(page: &Page<'_>) -> Self {
        let (width, height) = page.render_dimensions();
        Self {
            paper: Rect::new(0.0, 0.0, width.into(), height.into()),
            runs: Vec::new(),
            off_page: String::new(),
            replacements: replacements(page),
            begun: 0,
            open: Vec::new(),
        }
    }

    /// What a glyph stands for. All glyphs of a content with `ActualText` together stand for that.
    fn meaning(&mut self, glyph: &Glyph<'_>) -> String {
        if let Some(text) = self.open.iter_mut().rev().find_map(|text| text.as_mut()) {
            return std::mem::take(text);
        }
        match glyph.as_unicode() {
            Some(BfString::Char(character)) => character.to_string(),
            Some(BfString::String(text)) => text,
            None => "\u{FFFD}".to_owned(),
        }
    }

    fn lines(&self) -> Vec<(f64, String)> {
        let mut lines: Vec<(f64, String)> = Vec::new();
        let mut end = 0.0;
        for run in &self.runs {
            match lines.last_mut() {
                Some((baseline, line)) if (*baseline - run.baseline).abs() < 1.0 => {
                    let gap = (run.start - end).abs();
                    if gap > run.size * 0.8 {
                        line.push_str("   ");
                    } else if gap > run.size * 0.15 && !line.ends_with(' ') {
                        line.push(' ');
                    }
                    line.push_str(&run.text);
                }
                _ => lines.push((run.baseline, run.text.clone())),
            }
            end = run.end;
        }
        lines.into_iter().map(|(baseline, line)| (baseline, even_gaps(&line))).collect()
    }
}

impl Device<'_> for Reader {
    fn draw_glyph(
        &mut self,
        glyph: &Glyph<'_>,
        transform: Affine,
        glyph_transform: Affine,
        _: &Paint<'_>,
        _: &GlyphDrawMode,
    ) {
        let text = self.meaning(glyph);
        let (advance, outline) = match glyph {
            Glyph::Outline(glyph) => (glyph.advance_width().unwrap_or_default(), glyph.outline()),
            Glyph::Type3(_) => (0.0, BezPath::new()),
        };
        let to_paper = transform * glyph_transform;
        let start = to_paper * Point::ORIGIN;
        let end = to_paper * Point::new(advance.into(), 0.0);
        let size = (to_paper * Point::new(1000.0, 0.0) - start).hypot();
        let ink = (to_paper * outline).bounding_box();
        if ink.area() > 0.0 && !self.paper.contains_rect(ink) {
            self.off_page.push_str(&text);
        }
        match self.runs.last_mut() {
            Some(run)
                if (run.baseline - start.y).abs() < 0.01
                    && (run.end - start.x).abs() < size * 0.15 =>
            {
                run.text.push_str(&text);
                run.end = end.x;
            }
            _ => self.runs.push(Run { text, start: start.x, end: end.x, baseline: start.y, size }),
        }
    }

    fn begin_marked_content(&mut self, _: &[u8], _: Option<i32>) {
        self.open.push(self.replacements.get_mut(self.begun).and_then(Option::take));
        self.begun += 1;
    }

    fn end_marked_content(&mut self) {
        self.open.pop();
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'_>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'_>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'_, '_>, _: Affine) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// Writes each gap of a line as one blank or, between cells, as three.
fn even_gaps(line: &str) -> String {
    let line = line.replace('\u{A0}', " ");
    let cells = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
    cells.collect::<Vec<_>>().join("   ")
}

/// The `ActualText` of each marked content of a page, in the order in which they begin. One glyph can
/// stand for different texts, a hyphen for a soft hyphen too; then only this says which.
fn replacements(page: &Page<'_>) -> Vec<Option<String>> {
    let mut replacements = Vec::new();
    let mut operations = page.typed_operations();
    while let Some(operation) = operations.next() {
        match operation {
            TypedInstruction::BeginMarkedContent(_) => replacements.push(None),
            TypedInstruction::BeginMarkedContentWithProperties(begin) => {
                let properties: Option<Dict<'_>> = begin.1.clone().into_dict();
                let text = properties
                    .and_then(|properties| properties.get::<PdfString<'_>>(&b"ActualText"[..]));
                replacements.push(text.map(|text| decode(text.as_bytes())));
            }
            _ => {}
        }
    }
    replacements
}

/// A text string: UTF-16 with a byte order mark, or ASCII.
fn decode(text: &[u8]) -> String {
    match text.strip_prefix(b"\xFE\xFF") {
        Some(units) => {
            let units: Vec<u16> =
                units.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).expect("ActualText should be UTF-16")
        }
        None => String::from_utf8(text.to_vec()).expect("ActualText should be ASCII"),
    }
}

/// All lines of a document.
pub fn lines(pdf: &[u8]) -> Vec<String> {
    pages(pdf).into_iter().flat_map(|page| page.lines).collect()
}

/// What a screen reader says of each link.
pub fn links(pdf: &[u8]) -> Vec<String> {
    let pdf = Pdf::new(pdf.to_vec()).expect("the file should be a PDF");
    let pages = pdf.pages().iter();
    let annotations = pages.flat_map(|page| {
        let found = page.raw().get::<Array<'_>>(b"Annots").unwrap_or_default();
        found.iter::<Dict<'_>>().collect::<Vec<_>>()
    });
    annotations
        .filter_map(|link| Some(decode(link.get::<PdfString<'_>>(b"Contents")?.as_bytes())))
        .collect()
}

/// The numbers of the articles in the contents, and of those above the text.
pub fn article_numbers(lines: &[String]) -> (Vec<usize>, Vec<usize>) {
    let number = |line: &&String| line.split_once(". ")?.0.parse().ok();
    // A word joiner keeps the page at the end of its entry.
    let page = |line: &str| line.rsplit_once("   \u{2060}")?.1.parse::<usize>().ok();
    let names_a_page = |line: &&String| page(line).is_some();
    let (contents, headings): (Vec<&String>, Vec<&String>) = lines.iter().partition(names_a_page);
    (contents.iter().filter_map(number).collect(), headings.iter().filter_map(number).collect())
}

/// Which of these names open a row between two lines of the text (each the last of its kind).
pub fn rows<'a>(lines: &[String], from: &str, to: &str, names: &[&'a str]) -> Vec<&'a str> {
    let at = |wanted: &str| {
        let found = lines.iter().rposition(|line| line == wanted);
        found.unwrap_or_else(|| panic!("no line `{wanted}` in\n{}", lines.join("\n")))
    };
    let part = &lines[at(from)..at(to)];
    let opens_row = |name: &&&str| {
        part.iter().any(|line| line == **name || line.starts_with(&format!("{name}   ")))
    };
    names.iter().filter(opens_row).copied().collect()
}
