// Tables: headings become buttons that sort the rows, and large tables get a field that hides rows.
// Without this script the tables stand as they are.
"use strict";
(() => {
  const number = /^[≥≤<>≈~]?\s*([−+-]?[\d,\u2009\u202f\u00a0 ]*\.?\d+)/;
  const missing = new Set(["", "–", "—"]);
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });

  // What is moved: the rows, or their groups where a table has several (a row with its explanation below it).
  const unitsOf = (table) => (table.tBodies.length === 1 ? [...table.tBodies[0].rows] : [...table.tBodies]);

  // What a cell is sorted by: nothing, or its text with the number that it begins with. A period is no number.
  const keyOf = (unit, column) => {
    const row = unit.rows ? unit.rows[0] : unit;
    const text = (row.cells[column] ? row.cells[column].textContent : "").trim();
    if (missing.has(text)) return null;
    const found = /^\d{4}-/.test(text) ? null : number.exec(text);
    const value = found ? Number(found[1].replace(/[, \u2009\u202f\u00a0]/g, "").replace("−", "-")) : NaN;
    return { text, value };
  };

  const sort = (table, header, column) => {
    const rising = header.getAttribute("aria-sort") !== "ascending";
    const items = unitsOf(table).map((unit) => ({ unit, key: keyOf(unit, column) }));
    const known = items.filter((item) => item.key);
    const numeric = known.every((item) => !Number.isNaN(item.key.value));
    known.sort(({ key: a }, { key: b }) => {
      const order = numeric && a.value !== b.value ? a.value - b.value : collator.compare(a.text, b.text);
      return rising ? order : -order;
    });
    // Rows without a value come last, whichever way the others run.
    items[0].unit.parentNode.append(...[...known, ...items.filter((item) => !item.key)].map((item) => item.unit));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", rising ? "ascending" : "descending");
  };

  const makeSortable = (table) => {
    const units = unitsOf(table);
    if (!table.tHead || table.tHead.rows.length !== 1 || table.tFoot || units.length < 2) return;
    if (units.some((unit) => (unit.rows ? unit.rows[0] : unit).querySelector("[colspan], [rowspan]"))) return;
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => sort(table, header, column));
    });
  };

  const makeSearchable = (table) => {
    const rows = [...table.tBodies[0].rows];
    if (rows.length < 6) return;
    const label = document.createElement("label");
    const field = document.createElement("input");
    field.type = "search";
    field.autocomplete = "off";
    label.className = "search";
    label.append(`${table.dataset.search} `, field);
    const count = document.createElement("output");
    label.append(" ", count);
    table.closest(".scroll").before(label);
    field.addEventListener("input", () => {
      const words = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) {
        const text = row.textContent.toLocaleLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
      }
      count.value = words.length ? `${rows.filter((row) => !row.hidden).length} / ${rows.length}` : "";
    });
    window.addEventListener("hashchange", () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target && table.contains(target)) target.hidden = false;
    });
  };

  // A link to a place that is folded away unfolds it; browsers that do so by themselves lose nothing.
  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = target && target.closest("details:not([open])");
    if (!folded) return;
    folded.open = true;
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", unfold);
  unfold();

  for (const table of document.querySelectorAll("table")) makeSortable(table);
  for (const table of document.querySelectorAll("table[data-search]")) makeSearchable(table);
})();
