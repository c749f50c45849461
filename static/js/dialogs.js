// Dialogs open from data-dialog="id"; menus close when one leaves them.
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog?.showModal) return false;
  if (!dialog.open) dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("opened"));
  return true;
}

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const modified = event.ctrlKey || event.metaKey || event.shiftKey;
    if (opener && !modified && openDialog(opener.dataset.dialog)) event.preventDefault();
    if (event.target.closest("[data-close]") && event.target.closest("dialog")) event.target.closest("dialog").close();
    // A click on the backdrop has the dialog itself as its target.
    if (event.target.matches("dialog[open]") && outside(event)) event.target.close();
    for (const menu of document.querySelectorAll("details.drop[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.drop[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

function outside(event) {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}
