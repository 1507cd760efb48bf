//! Quotes of any shape: built whole from parts that programs vary, and damaged. Whatever the quote, `attach`
//! adds the contract and leaves the pages as they were, or adds nothing.

use std::fmt::Write as _;
use std::sync::LazyLock;

use dpa_gen::pdf::{Attachment, Host, Relation, inspect};
use hayro_interpret::hayro_syntax::Pdf;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::hold;
use crate::support::{ACME_PDF, Folder};

/// A quote's parts.
#[derive(Debug, Clone)]
struct Shape {
    /// How many pages each node of the page tree has; the nodes stand one below the other.
    nodes: Vec<usize>,
    /// The number of the first object, and what is between one number and the next.
    first: usize,
    stride: usize,
    /// What the trailer says beside the number that is right.
    size_off: i32,
    /// Whether the objects without a stream are in an object stream.
    is_packed: bool,
    /// The embedded files: whether the name is in UTF-16.
    files: Vec<(String, bool)>,
    /// Whether the name tree has a branch for each name.
    has_branches: bool,
    /// How deep the form's field is nested; 0 is no form.
    fields: usize,
    /// What stands before and after the document.
    before: Vec<u8>,
    after: Vec<u8>,
    /// Bytes that are changed: where, as a part of the whole, and to what.
    damage: Vec<(f64, u8)>,
}

fn shapes() -> impl Strategy<Value = Shape> {
    let tree = (vec(1..4_usize, 1..5), 1..200_usize, 1..30_usize, -400..400_i32, any::<bool>());
    let names = (vec(("[a-z]{1,6}", any::<bool>()), 0..6), any::<bool>(), 0..5_usize);
    let around = ("[ -$&-~\n]{0,60}", "[ -~\n\0]{0,60}");
    let damage = prop_oneof![3 => Just(Vec::new()), 2 => vec((0.0..1.0_f64, any::<u8>()), 1..6)];
    (tree, names, around, damage).prop_map(|(tree, names, around, damage)| {
        let (nodes, first, stride, size_off, is_packed) = tree;
        let (mut files, has_branches, fields) = names;
        files.sort();
        files.dedup_by(|one, other| one.0 == other.0);
        // A stream of cross-references has as many rows as its size says.
        let size_off = if is_packed { 0 } else { size_off };
        let (before, after) = (around.0.into_bytes(), around.1.into_bytes());
        Shape {
            nodes,
            first,
            stride,
            size_off,
            is_packed,
            files,
            has_branches,
            fields,
            before,
            after,
            damage,
        }
    })
}

/// The objects of a quote, each with its number.
struct Objects<'a> {
    shape: &'a Shape,
    values: Vec<Option<String>>,
}

impl Objects<'_> {
    fn reserve(&mut self) -> usize {
        self.values.push(None);
        self.values.len() - 1
    }

    fn number(&self, index: usize) -> usize {
        self.shape.first + index * self.shape.stride
    }

    fn refer(&self, index: usize) -> String {
        format!("{} 0 R", self.number(index))
    }

    fn add(&mut self, value: String) -> String {
        let index = self.reserve();
        self.values[index] = Some(value);
        self.refer(index)
    }

    fn stream(&mut self, entries: &str, data: &str) -> String {
        self.add(format!("<<{entries}/Length {}>>\nstream\n{data}\nendstream", data.len()))
    }
}

/// A string, as it is written.
fn string(text: &str, is_utf_16: bool) -> String {
    if !is_utf_16 {
        return format!("({text})");
    }
    let units = text.encode_utf16().fold("<FEFF".to_owned(), |mut text, unit| {
        write!(text, "{unit:04X}").unwrap();
        text
    });
    units + ">"
}

fn page_tree(objects: &mut Objects<'_>) -> String {
    let nodes = objects.shape.nodes.clone();
    let ids: Vec<usize> = nodes.iter().map(|_| objects.reserve()).collect();
    let mut page_number = 0;
    for (level, pages) in nodes.iter().enumerate() {
        let id = objects.refer(ids[level]);
        let mut kids = Vec::new();
        for _ in 0..*pages {
            page_number += 1;
            let contents = objects.stream("", &format!("0 0 {page_number} 5 re f"));
            let missing = objects.number(9_000);
            kids.push(objects.add(format!(
                "<</Type/Page/Parent {id}/Contents {contents}/Thumb {missing} 0 R>>"
            )));
        }
        kids.extend(ids.get(level + 1).map(|below| objects.refer(*below)));
        let count: usize = nodes[level..].iter().sum();
        let place = match level.checked_sub(1) {
            Some(above) => format!("/Parent {}", objects.refer(ids[above])),
            None => "/MediaBox[0 0 300 200]".to_owned(),
        };
        let node = format!("<</Type/Pages{place}/Count {count}/Kids[{}]>>", kids.join(" "));
        objects.values[ids[level]] = Some(node);
    }
    objects.refer(ids[0])
}

fn name_tree(objects: &mut Objects<'_>) -> String {
    let mut files: Vec<(String, String)> = Vec::new();
    for (name, is_utf_16) in objects.shape.files.clone() {
        let file = objects.stream("/Type/EmbeddedFile", &name);
        let text = format!("<</Type/Filespec/F({name})/UF({name})/EF<</F {file}>>>>");
        files.push((string(&name, is_utf_16), objects.add(text)));
    }
    // By their bytes: brackets of hexadecimal strings stand for bytes that are higher than all letters.
    files.sort_by_key(|(name, _)| (name.starts_with('<'), name.clone()));
    let pairs: Vec<String> = files.iter().map(|(name, file)| format!("{name} {file}")).collect();
    if !objects.shape.has_branches {
        return format!("<</Names[{}]>>", pairs.join(" "));
    }
    let branches = files.iter().zip(&pairs);
    let branches: Vec<String> = branches
        .map(|((name, _), pair)| objects.add(format!("<</Limits[{name} {name}]/Names[{pair}]>>")))
        .collect();
    format!("<</Kids[{}]>>", branches.join(" "))
}

fn form(objects: &mut Objects<'_>) -> String {
    let mut field = objects.add("<</T(onder)/V(ja)>>".to_owned());
    for level in 1..objects.shape.fields {
        field = objects.add(format!("<</T(veld{level})/FT/Tx/Kids[{field}]>>"));
    }
    if objects.shape.fields == 0 { String::new() } else { format!("/AcroForm<</Fields[{field}]>>") }
}

/// The quote of a shape, and from where its offsets are counted.
fn built(shape: &Shape) -> Vec<u8> {
    let mut objects = Objects { shape, values: Vec::new() };
    let pages = page_tree(&mut objects);
    let names = name_tree(&mut objects);
    let form = form(&mut objects);
    let root = format!("<</Type/Catalog/Pages {pages}/Names<</EmbeddedFiles {names}>>{form}>>");
    let root = objects.add(root);
    let mut pdf = "%PDF-1.5\n".to_owned();
    let mut rows = Vec::new();
    let mut packed = Vec::new();
    for (index, value) in objects.values.iter().enumerate() {
        let (number, value) = (objects.number(index), value.as_deref().unwrap());
        if shape.is_packed && !value.contains("stream") {
            packed.push((number, value));
            continue;
        }
        rows.push((number, [1, pdf.len(), 0]));
        write!(pdf, "{number} 0 obj\n{value}\nendobj\n").unwrap();
    }
    let next = objects.number(objects.values.len());
    if shape.is_packed {
        let (mut head, mut body) = (String::new(), String::new());
        for (index, (number, value)) in packed.iter().enumerate() {
            write!(head, "{number} {} ", body.len()).unwrap();
            write!(body, "{value} ").unwrap();
            rows.push((*number, [2, next, index]));
        }
        rows.push((next, [1, pdf.len(), 0]));
        let (count, first, length) = (packed.len(), head.len(), head.len() + body.len());
        let entries = format!("/Type/ObjStm/N {count}/First {first}/Length {length}");
        write!(pdf, "{next} 0 obj\n<<{entries}>>\nstream\n{head}{body}\nendstream\nendobj\n")
            .unwrap();
    }
    let start = pdf.len();
    let mut bytes = shape.before.clone();
    if shape.is_packed {
        rows.push((next + 1, [1, start, 0]));
        rows.sort_unstable();
        let index: Vec<String> = rows.iter().map(|(number, _)| format!("{number} 1")).collect();
        let (index, size, length) = (index.join(" "), next + 2, rows.len() * 7);
        let entries = format!("/Type/XRef/W[1 4 2]/Index[{index}]/Size {size}/Root {root}");
        write!(pdf, "{} 0 obj\n<<{entries}/Length {length}>>\nstream\n", next + 1).unwrap();
        bytes.extend(pdf.as_bytes());
        for (_, [kind, field, index]) in rows {
            bytes.push(u8::try_from(kind).unwrap());
            bytes.extend(u32::try_from(field).unwrap().to_be_bytes());
            bytes.extend(u16::try_from(index).unwrap().to_be_bytes());
        }
        bytes.extend(b"\nendstream\nendobj\n");
    } else {
        pdf.push_str("xref\n0 1\n0000000000 65535 f\r\n");
        for (number, [_, offset, _]) in rows {
            write!(pdf, "{number} 1\n{offset:010} 00000 n\r\n").unwrap();
        }
        let size = (i32::try_from(next).unwrap() + shape.size_off).max(1);
        write!(pdf, "trailer\n<</Size {size}/Root {root}>>\n").unwrap();
        bytes.extend(pdf.as_bytes());
    }
    bytes.extend(format!("startxref\n{start}\n%%EOF\n").as_bytes());
    bytes.extend(&shape.after);
    for (place, byte) in &shape.damage {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in the file")]
        #[expect(clippy::cast_precision_loss, reason = "a file of some kilobytes")]
        let at = (place * bytes.len() as f64) as usize;
        bytes[at] = *byte;
    }
    bytes
}

/// The contract that is added.
static CONTRACT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = Folder::with_acme();
    folder.make(&["--client", "acme.toml"]);
    folder.read(ACME_PDF)
});

/// What a file of ours in a quote is.
fn attachment() -> Attachment {
    Attachment {
        relation: Relation::Supplement,
        name: ACME_PDF.to_owned(),
        description: "contract".to_owned(),
        media_type: "application/pdf".to_owned(),
        date: chrono::NaiveDate::from_ymd_opt(2026, 6, 12).unwrap(),
        bytes: CONTRACT.clone(),
    }
}

/// What each page of a document draws.
fn pages(pdf: &[u8]) -> Option<Vec<Vec<u8>>> {
    let start = pdf.windows(5).position(|window| window == b"%PDF-")?;
    let pdf = Pdf::new(pdf[start..].to_vec()).ok()?;
    let pages = pdf.pages().iter();
    Some(pages.map(|page| page.page_stream().unwrap_or_default().to_vec()).collect())
}

fn a_quote_stays_whole_in(shape: &Shape) -> Result<(), TestCaseError> {
    let quote = built(shape);
    let _ = inspect(&quote);
    let host = match Host::read(quote.clone()) {
        Ok(host) => host,
        Err(_) if !shape.damage.is_empty() => return Ok(()),
        Err(obstacle) => return Err(TestCaseError::fail(format!("{obstacle:?}"))),
    };
    let _ = host.search(|text| text.contains("2026"));
    let added = pages(&CONTRACT).unwrap().len();
    for (made, added) in
        [(host.embed(&attachment()), 0), (host.append(&CONTRACT, "Verwerkersovereenkomst"), added)]
    {
        let made = match made {
            Ok(made) => made,
            Err(_) if !shape.damage.is_empty() => continue,
            Err(obstacle) => return Err(TestCaseError::fail(format!("{obstacle:?}"))),
        };
        prop_assert!(made.starts_with(&quote), "the quote should be the beginning");
        let read = inspect(&made).expect("what was made can be read");
        if shape.damage.is_empty() {
            let names: Vec<&String> = read.attachments.iter().map(|(name, _)| name).collect();
            prop_assert_eq!(names.len(), shape.files.len() + 1);
            for (name, _) in &shape.files {
                prop_assert_eq!(read.attachment(name), Some(name.as_bytes()));
            }
            let (before, after) = (pages(&quote).unwrap(), pages(&made).unwrap());
            prop_assert_eq!(after.len(), before.len() + added);
            prop_assert_eq!(&after[..before.len()], &before[..]);
        }
        prop_assert!(Host::read(made).is_ok(), "another contract can be looked for in it");
    }
    Ok(())
}

#[test]
fn a_quote_of_any_shape_stays_whole() {
    hold("quotes", 40, &shapes(), a_quote_stays_whole_in);
}
