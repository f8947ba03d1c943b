// Turns the headings of every table into buttons that sort its rows. Without it the tables stand as they are.
"use strict";
(() => {
  const number = /^[≥≤<>≈~约]?\s*([−+-]?[\d,\u2009\u202f\u00a0 ]*\.?\d+)\s*%?/;
  const nothing = new Set(["", "–", "—"]);

  const key = (row, column) => {
    const cell = row.cells[column];
    const text = cell ? (cell.dataset.sort || cell.textContent).trim() : "";
    if (nothing.has(text)) return null;
    const date = /^\d{4}-/.test(text);
    const found = date ? null : number.exec(text);
    return { text, value: found ? Number(found[1].replace(/[, \u2009\u202f\u00a0]/g, "").replace("−", "-")) : NaN };
  };

  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });

  const compare = (a, b, numeric) =>
    numeric && !Number.isNaN(a.value) && !Number.isNaN(b.value) ? a.value - b.value : collator.compare(a.text, b.text);

  const sort = (table, header, column) => {
    const body = table.tBodies[0];
    const state = header.getAttribute("aria-sort");
    const rising = state !== "ascending";
    const rows = [...body.rows].map((row) => ({ row, key: key(row, column) }));
    const known = rows.filter((item) => item.key);
    // A column is numeric when every entry begins with a number; otherwise texts are compared.
    const numeric = known.every((item) => !Number.isNaN(item.key.value));
    known.sort((a, b) => (rising ? 1 : -1) * compare(a.key, b.key, numeric));
    const missing = rows.filter((item) => !item.key); // always last
    for (const item of [...known, ...missing]) body.append(item.row);
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", rising ? "ascending" : "descending");
  };

  for (const table of document.querySelectorAll("table")) {
    const head = table.tHead && table.tHead.rows.length === 1 ? table.tHead.rows[0] : null;
    const body = table.tBodies.length === 1 ? table.tBodies[0] : null;
    if (!head || !body || body.rows.length < 2 || body.querySelector("[colspan], [rowspan]")) continue;
    [...head.cells].forEach((header, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => sort(table, header, column));
    });
  }
})();
