/**
 * What a single key does. A control says itself which one works it, in `aria-keyshortcuts`: so the page has one list, which
 * screen readers know too. A key works in the dialog on top, else on the photo that the keyboard is on, else on the page.
 */

/** Where keys are text. */
const textual =
  'textarea, select, [contenteditable=true], input:not([type=radio], [type=checkbox], [type=button], [type=range])';

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(textual) !== null;
}

/** Works the control that belongs to `key`; answers whether there is one. */
export function actOn(key: string, document: Document): boolean {
  const step = { j: 1, k: -1 }[key.toLowerCase()];
  const dialogs = [...document.querySelectorAll('[aria-modal=true]')].filter(one => one.checkVisibility());
  // The one on top has the focus, wherever in the page it stands.
  const dialog = dialogs.find(one => one.contains(document.activeElement)) ?? dialogs.at(-1);
  if (dialog) return work(find(dialog, key));
  if (step !== undefined) return moveTab(step, document);
  const photo = document.activeElement?.closest('[data-photo-id]');
  const ofPhoto = photo ? find(photo, key) : undefined;
  return work(ofPhoto ?? find(document.body, key, '[data-photo-id]'));
}

function find(scope: Element, key: string, notIn?: string): HTMLElement | undefined {
  return [...scope.querySelectorAll<HTMLElement>('[aria-keyshortcuts]')].find(
    control =>
      control.getAttribute('aria-keyshortcuts')?.toLowerCase() === key.toLowerCase() &&
      !control.matches(':disabled') &&
      (notIn === undefined || !control.closest(notIn)),
  );
}

function work(control: HTMLElement | undefined): boolean {
  if (control instanceof HTMLInputElement) {
    control.focus();
    control.select();
  } else control?.click();
  return control !== undefined;
}

function moveTab(step: number, document: Document): boolean {
  const tabs = [...document.querySelectorAll<HTMLElement>('[data-testid=person-tab]:not(:disabled)')];
  const at = tabs.findIndex(tab => tab.getAttribute('aria-selected') === 'true');
  const next = at < 0 ? tabs[step > 0 ? 0 : tabs.length - 1] : tabs[at + step];
  next?.focus();
  next?.click();
  return next !== undefined;
}
