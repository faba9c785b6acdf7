// Saves each tap. Without this module every page is saved when it is sent; nothing else depends on it.
const form = document.querySelector("form[data-saved]");
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 30000;

function start() {
  const state = form.querySelector(".saving");
  const step = form.elements.step;
  let waiting = false; // something was tapped that has not been sent
  let sending = false;
  let pause = FIRST_PAUSE;
  let left = false;

  async function save() {
    if (sending || left) return;
    sending = true;
    waiting = false;
    const data = new FormData(form);
    data.set("save", "1");
    // Each attempt is a later step, also one whose answer is lost on the way.
    step.value = String(Number(step.value) + 1);
    try {
      const answer = await fetch(form.action, { method: "POST", body: data });
      if (answer.status >= 500) throw new Error(String(answer.status));
      pause = FIRST_PAUSE;
      state.textContent = answer.ok ? form.dataset.saved : "";
    } catch {
      waiting = true;
      state.textContent = form.dataset.unsaved;
      setTimeout(next, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
      sending = false;
      return;
    }
    sending = false;
    next();
  }

  function next() {
    if (waiting) save();
  }

  form.addEventListener("change", (event) => {
    if (event.target.type !== "radio") return;
    waiting = true;
    save();
  });
  // What is sent whole needs no saving beside it.
  form.addEventListener("submit", () => { left = true; });
  window.addEventListener("online", next);
}

if (form) start();
