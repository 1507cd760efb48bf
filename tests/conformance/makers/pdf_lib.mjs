// Quotes of pdf-lib. Usage: node pdf_lib.mjs TOOLS SOURCE FOLDER; TOOLS has node_modules, SOURCE is a PDF.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [tools, source, folder] = process.argv.slice(2);
const { PDFDocument, StandardFonts, degrees } = createRequire(join(resolve(tools), "x.js"))("pdf-lib");

const written = async (name, document, options) =>
  writeFileSync(join(folder, `${name}.pdf`), await document.save(options));

const made = async () => {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (const turn of [0, 90]) {
    const page = document.addPage([300, 200]);
    page.setRotation(degrees(turn));
    page.drawText("Offerte van pdf-lib", { x: 20, y: 100, size: 12, font });
  }
  return document;
};

await written("pdf-lib", await made());
await written("pdf-lib-table", await made(), { useObjectStreams: false });

const form = await made();
const field = form.getForm().createTextField("klant.naam");
field.setText("Acme");
field.addToPage(form.getPage(0), { x: 20, y: 20, width: 100, height: 20 });
await written("pdf-lib-form", form);

const attached = await made();
// Names in UTF-16, and two in the wrong order.
for (const name of ["Voorwaarden é.txt", "Bijlage.txt"]) {
  await attached.attach(Buffer.from(name), name, { mimeType: "text/plain" });
}
await written("pdf-lib-attachments", attached);

const copied = await PDFDocument.load(readFileSync(source));
await written("pdf-lib-copied", copied);
