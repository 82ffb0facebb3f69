/** For whoever does not see the page: on with the title of the screen that is there now. A sheet keeps the focus that it has. */
export function focusTitle(): void {
  const title = document.querySelector<HTMLElement>('main h1');
  if (!title || document.querySelector('dialog')) return;
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
}
