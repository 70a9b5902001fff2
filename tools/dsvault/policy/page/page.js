"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const form = document.getElementById("filters");
  const find = document.getElementById("find");
  const permission = document.getElementById("permission");
  const rules = all(".rule");
  const words = new Map(rules.map((rule) => [
    rule, `${rule.closest("section").dataset.table} ${rule.textContent}`.toLowerCase()]));
  const chosen = (name) => new Set(all(`[name=${name}]:checked`, form).map((box) => box.value));
  const meets = (list, set) => list.split(" ").some((item) => set.has(item));

  function apply() {
    const roles = chosen("role");
    const commands = chosen("command");
    const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const rule of rules) {
      const { roles: its, commands: can, permissions: asks } = rule.dataset;
      const fits = meets(its, roles) && meets(can, commands) &&
        (!permission.value || asks.split(" ").includes(permission.value)) &&
        wanted.every((word) => words.get(rule).includes(word));
      rule.hidden = !fits;
      shown += fits;
    }
    for (const section of all("section.table")) {
      section.hidden = all(".rule", section).every((rule) => rule.hidden);
    }
    for (const tile of all("#matrix a.tile")) {
      const rule = document.getElementById(tile.dataset.rule);
      tile.classList.toggle("dim", rule.hidden || !roles.has(tile.dataset.role) ||
        !commands.has(tile.dataset.command));
    }
    document.getElementById("count").textContent = `${shown} of ${rules.length} rules`;
  }

  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("print").addEventListener("click", () => window.print());
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      find.focus();
    } else if (event.key === "Escape") {
      form.reset();
      apply();
    }
  });
  apply();
})();
