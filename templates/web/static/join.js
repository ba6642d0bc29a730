// Answers in the page for forms printed by `meridian form`. Without it, the form opens our own page.
// It reads no cookie, keeps nothing and writes text only, so a strict Content-Security-Policy of the
// site needs no more than our address in script-src and connect-src.
(() => {
  "use strict";

  const told = (form, text) => {
    form.querySelector("[role=status]").textContent = text;
  };

  const mark = (form, errors) => {
    let first = null;
    for (const input of form.querySelectorAll("input[id], select[id]")) {
      const place = document.getElementById(`${input.id}-error`);
      if (!place) continue;
      const text = (errors || {})[input.name] || "";
      place.textContent = text;
      place.hidden = !text;
      if (text) {
        input.setAttribute("aria-invalid", "true");
        input.setAttribute("aria-describedby", place.id);
        first = first || input;
      } else {
        input.removeAttribute("aria-invalid");
        input.removeAttribute("aria-describedby");
      }
    }
    if (first) first.focus();
  };

  const send = async (form) => {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
      credentials: "omit",
    });
    const said = await answer.json();
    mark(form, said.errors);
    told(form, [said.title, said.text].filter(Boolean).join(". "));
    if (said.ok) form.reset();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-meridian]") || form.dataset.sending) return;
    event.preventDefault();
    form.dataset.sending = "yes";
    send(form)
      // What the script cannot do, the form can by itself.
      .catch(() => HTMLFormElement.prototype.submit.call(form))
      .finally(() => delete form.dataset.sending);
  });
})();
