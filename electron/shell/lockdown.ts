/**
 * What no page of ours may do, following Electron's security checklist: leave our own origin, open windows, hold other
 * contents, ask the machine for anything, accept a broken certificate, or download from elsewhere.
 */
import { app, type Event, type Session, session, type WebContents } from 'electron';
import type { Log } from '../core/ports.ts';

/** Asked for by "copy" in the activity log. Everything else is refused. */
const allowedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Holds for every page and session from now on: call it before the first window. `origin` is our own server's. */
export function lockDown(origin: string, log: Log): void {
  app.on('web-contents-created', (_event, contents) => lockContents(contents, origin, log));
  app.on('session-created', created => lockSession(created, origin, log));
  lockSession(session.defaultSession, origin, log);

  app.on('certificate-error', (event, _contents, url, error, _certificate, callback) => {
    event.preventDefault();
    callback(false);
    log.warn({ origin: originOf(url), error }, 'Certificate refused');
  });
}

function lockContents(contents: WebContents, origin: string, log: Log): void {
  const stay = (details: Event<{ url: string }>) => {
    if (isOwnPage(details.url, origin)) return;
    details.preventDefault();
    log.warn({ to: originOf(details.url) }, 'Navigation refused');
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);

  contents.setWindowOpenHandler(({ url }) => {
    log.warn({ to: originOf(url) }, 'New window refused');
    return { action: 'deny' };
  });
  contents.on('will-attach-webview', event => {
    event.preventDefault();
    log.warn({}, 'Webview refused');
  });
}

function lockSession(locked: Session, origin: string, log: Log): void {
  const allows = (permission: string, asking: string) =>
    allowedPermissions.has(permission) && originOf(asking) === origin;

  locked.setPermissionCheckHandler((_contents, permission, asking) => allows(permission, asking));
  locked.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const allowed = allows(permission, details.requestingUrl);
    if (!allowed) log.warn({ permission }, 'Permission refused');
    callback(allowed);
  });
  locked.setDevicePermissionHandler(() => false);

  // "Guardar" makes its files in the page; nothing else has a reason to reach the disk.
  locked.on('will-download', (event, item) => {
    if (item.getURL().startsWith(`blob:${origin}/`)) return;
    event.preventDefault();
    log.warn({ from: originOf(item.getURL()) }, 'Download refused');
  });
}

/** A `blob:` address has our origin too, but is no page of ours. */
function isOwnPage(url: string, origin: string): boolean {
  return originOf(url) === origin && url.startsWith(`${origin}/`);
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}
