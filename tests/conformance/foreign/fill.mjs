// Fills in a form with pdf.js or pdf-lib, as a page in a browser does.
//
// Usage: fill.mjs TOOLS pdf.js|pdf-lib SOURCE TARGET VALUES; VALUES is JSON, field to text.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [, , tools, program, source, target, json] = process.argv;
const installed = createRequire(path.resolve(tools, "package.json"));
const load = (name) => import(pathToFileURL(installed.resolve(name)));
const values = JSON.parse(json);
const bytes = new Uint8Array(fs.readFileSync(source));

// Appends what changed.
async function byPdfJs() {
  const pdfjs = await load("pdfjs-dist/legacy/build/pdf.mjs");
  const below = (name) => path.join(path.dirname(installed.resolve("pdfjs-dist/package.json")), name, "/");
  const pdf = await pdfjs.getDocument({
    data: bytes,
    verbosity: 0,
    standardFontDataUrl: below("standard_fonts"),
    cMapUrl: below("cmaps"),
    cMapPacked: true,
  }).promise;
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    for (const annotation of await page.getAnnotations()) {
      if (annotation.subtype === "Widget" && values[annotation.fieldName] !== undefined) {
        pdf.annotationStorage.setValue(annotation.id, { value: values[annotation.fieldName] });
      }
    }
  }
  return pdf.saveDocument();
}

// Writes the file again.
async function byPdfLib() {
  const { PDFDocument } = await load("pdf-lib");
  const pdf = await PDFDocument.load(bytes);
  for (const [field, value] of Object.entries(values)) {
    pdf.getForm().getTextField(field).setText(value);
  }
  return pdf.save();
}

fs.writeFileSync(target, await { "pdf.js": byPdfJs, "pdf-lib": byPdfLib }[program]());
