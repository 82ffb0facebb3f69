/** A page or a helper process that dies must not take the desk along. */
import { app, type WebContents } from 'electron';
import type { Log } from '../core/ports.ts';

const reloadsAMinute = 3;
const minute = 60_000;
/** Chromium's ERR_ABORTED: a load that was refused or replaced by another. */
const aborted = -3;

/**
 * Logs every process of ours that goes, and reloads a dead page, three times a minute at most: past that the page itself
 * kills the process, and a reload would only spin. Opening the window again (tray, second start) tries anew.
 * @param now milliseconds, from any fixed point
 */
export function surviveCrashes(log: Log, now: () => number = () => performance.now()): void {
  const reloads = new WeakMap<WebContents, number[]>();

  app.on('render-process-gone', (_event, contents, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    const recent = (reloads.get(contents) ?? []).filter(at => now() - at < minute);
    const again = recent.length < reloadsAMinute;
    log.error({ reason, exitCode, reloaded: again }, 'The page of a window died');
    if (!again) return;
    reloads.set(contents, [...recent, now()]);
    contents.reload();
  });

  app.on('child-process-gone', (_event, { type, name, reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log.error({ type, name, reason, exitCode }, 'A helper process died');
  });

  app.on('web-contents-created', (_event, contents) => {
    contents.on('did-fail-load', (_failed, code, description) => {
      if (code !== aborted) log.error({ code, description }, 'A page could not be loaded');
    });
  });
}
