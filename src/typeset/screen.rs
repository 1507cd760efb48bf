//! A contract's edition for the screen: one HTML file, of the same clause files as the PDF.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use typst_html::{HtmlDocument, HtmlOptions};

use super::{PaperWorld, Typesetter, problems};
use crate::contract::Contract;
use crate::contract::project::Project;
use crate::diagnostic::{Diagnostic, Problems};

/// The link that the page has where the PDF belongs. Text cannot have it: its signs are escaped.
const PDF_ADDRESS: &str = "<a class=\"pdf\" href=\"dpa-pdf:\"";

/// What Typst warns of whenever it writes HTML.
const IN_DEVELOPMENT: &str = "html export is under active development and incomplete";

impl Typesetter<'_> {
    /// Writes a contract as one HTML file for the screen, with its PDF in it under the name `pdf_name`.
    ///
    /// # Errors
    ///
    /// If the layouts have no page for the screen, and whatever Typst finds wrong, its warnings too.
    pub fn screen(
        &self,
        contract: &Contract,
        pdf_name: &str,
        pdf: &[u8],
    ) -> Result<String, Problems> {
        // What is still to be filled in, is filled in on the PDF.
        let contract = Contract { fields: false, ..contract.clone() };
        let project = Project::for_screen(&contract, self.shared.library);
        if !project.files.contains_key(project.main_file()) {
            return Err(no_page(project.main_file()).into());
        }
        let world = PaperWorld::new(&self.shared, &project);
        let compiled = typst::compile::<HtmlDocument>(&world);
        let mut found: Vec<_> = compiled.warnings.into_iter().collect();
        found.retain(|warning| warning.message != IN_DEVELOPMENT);
        let document = match compiled.output {
            Ok(document) if found.is_empty() => document,
            output => {
                found.extend(output.err().into_iter().flatten());
                return Err(problems::of(&world, &contract, found));
            }
        };
        let html = typst_html::html(&document, &HtmlOptions { pretty: true })
            .map_err(|errors| problems::of(&world, &contract, errors))?;
        with_pdf(&with_single_blanks(&html), pdf_name, pdf)
    }
}

/// Two blanks of a clause, one before and one after a condition, are one, as in the PDF. Typst keeps both, by a style
/// of its own.
fn with_single_blanks(html: &str) -> String {
    const START: &str = "<span style=\"white-space: pre-wrap\">";
    const END: &str = "</span>";
    let mut parts = html.split(START);
    let mut single = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(END) {
            Some((blanks, rest)) if blanks.replace("&#x20;", "").trim().is_empty() => {
                single.push(' ');
                single.push_str(rest);
            }
            _ => {
                single.push_str(START);
                single.push_str(part);
            }
        }
    }
    single
}

/// Puts the PDF itself into the page, which then asks nothing of any other place.
fn with_pdf(html: &str, name: &str, pdf: &[u8]) -> Result<String, Problems> {
    if html.matches(PDF_ADDRESS).count() != 1 {
        let wrong =
            "the page for the screen has no link of the class `pdf` to `dpa-pdf:`, or several";
        return Err(Diagnostic::error(wrong).into());
    }
    let data = STANDARD.encode(pdf);
    let name = name.replace('&', "&amp;").replace('"', "&quot;");
    let link =
        format!("<a class=\"pdf\" href=\"data:application/pdf;base64,{data}\" download=\"{name}\"");
    Ok(html.replace(PDF_ADDRESS, &link))
}

/// The layouts in use have no page for the screen.
fn no_page(path: &str) -> Diagnostic {
    Diagnostic::error(format!("there is no `{path}`"))
        .hint("it sets the page for the screen; `dpa-gen init` writes the one in the program into a new folder")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_single_and_other_spans_stay() {
        let html = "a,<span style=\"white-space: pre-wrap\">&#x20;&#x20;</span>b<span>c</span>";
        assert_eq!(with_single_blanks(html), "a, b<span>c</span>");
        let code = "<span style=\"white-space: pre-wrap\">x&#x20;&#x20;y</span>";
        assert_eq!(with_single_blanks(code), code);
    }

    #[test]
    fn a_page_has_its_pdf_once() {
        let html = "<a class=\"pdf\" href=\"dpa-pdf:\">PDF</a>";
        let with = with_pdf(html, "a&b\".pdf", b"%PDF").expect("one link");
        assert_eq!(
            with,
            "<a class=\"pdf\" href=\"data:application/pdf;base64,JVBERg==\" download=\"a&amp;b&quot;.pdf\">PDF</a>"
        );
        assert!(with_pdf("<p></p>", "a.pdf", b"%PDF").is_err());
        assert!(with_pdf(&html.repeat(2), "a.pdf", b"%PDF").is_err());
    }
}
