/**
 * Says whether somebody may be looking at the page, now and each time that it changes. Not while it is hidden, nor once another
 * window has taken the keyboard: that one may lie over it. Gives back how to stop.
 */
export function watchInFront(window: Window, say: (inFront: boolean) => void): () => void {
  const { document } = window;
  const look = () => say(document.visibilityState === 'visible');
  const lookAway = () => say(false);
  look();
  document.addEventListener('visibilitychange', look);
  window.addEventListener('focus', look);
  window.addEventListener('blur', lookAway);
  return () => {
    document.removeEventListener('visibilitychange', look);
    window.removeEventListener('focus', look);
    window.removeEventListener('blur', lookAway);
  };
}
