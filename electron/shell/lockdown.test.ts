import { beforeAll, describe, expect, it, vi } from 'vitest';
import { app, BrowserWindow, emitPreventable, session } from '../../tests/shell/electron-stand-in.ts';
import { lockDown } from './lockdown.ts';

const origin = 'http://127.0.0.1:21200';
const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
beforeAll(() => lockDown(origin, log));

const foreign = [
  'https://example.org/',
  'http://127.0.0.1:21201/kiosk',
  'http://localhost:21200/kiosk',
  'http://127.0.0.1:21200.example.org/',
  'http://127.0.0.1:21200@example.org/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,hello',
  `blob:${origin}/7b0c`,
  'about:blank',
  'not an address',
];

describe('navigation', () => {
  const contents = () => new BrowserWindow({}).webContents;

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('[SHELL2] %s stays on our own origin', name => {
    for (const url of foreign) expect(emitPreventable(contents(), name, { url }), url).toBe(true);
    for (const url of [`${origin}/kiosk`, `${origin}/display?x=1#y`]) {
      expect(emitPreventable(contents(), name, { url }), url).toBe(false);
    }
  });

  it('[SHELL3] no page opens a window, not even on our own origin', () => {
    for (const url of [...foreign, `${origin}/kiosk`]) {
      expect(contents().windowOpenHandler?.({ url })).toEqual({ action: 'deny' });
    }
  });

  it('[SHELL3] no page holds a webview', () => {
    expect(emitPreventable(contents(), 'will-attach-webview', {}, {}, { src: `${origin}/kiosk` })).toBe(true);
  });
});

/** A session's three answers, asked as Chromium asks them. */
function ask(asked: typeof session.defaultSession, permission: string, from: string) {
  const requested = vi.fn();
  const unsure = 'this handler was never set';
  if (!asked.permissionCheck || !asked.permissionRequest || !asked.devicePermission) throw new Error(unsure);
  const call = (handler: unknown, ...input: unknown[]) => Reflect.apply(handler as () => unknown, undefined, input);
  call(asked.permissionRequest, null, permission, requested, { requestingUrl: `${from}/kiosk` });
  return {
    checked: call(asked.permissionCheck, null, permission, `${from}/`, {}),
    requested: requested.mock.calls,
    device: call(asked.devicePermission, { deviceType: 'usb', origin: from }),
  };
}

describe('permissions', () => {
  it.each([
    'media',
    'geolocation',
    'notifications',
    'openExternal',
    'clipboard-read',
    'display-capture',
    'fullscreen',
    'hid',
    'serial',
    'usb',
    'fileSystem',
    'unknown',
  ])('[SHELL4] %s is refused, to our own pages too', permission => {
    expect(ask(session.defaultSession, permission, origin)).toEqual({
      checked: false,
      requested: [[false]],
      device: false,
    });
  });

  it('[SHELL4] copying text is allowed, to our own pages alone', () => {
    const permission = 'clipboard-sanitized-write';
    expect(ask(session.defaultSession, permission, origin)).toMatchObject({ checked: true, requested: [[true]] });
    expect(ask(session.defaultSession, permission, 'https://example.org')).toMatchObject({
      checked: false,
      requested: [[false]],
    });
  });

  it('[SHELL4] a session made later is locked as well', () => {
    const later = Reflect.construct(session.defaultSession.constructor, []) as typeof session.defaultSession;
    app.emit('session-created', later);
    expect(ask(later, 'media', origin)).toEqual({ checked: false, requested: [[false]], device: false });
  });
});

it('[SHELL5] a broken certificate is refused', () => {
  const callback = vi.fn();
  const error = 'net::ERR_CERT_AUTHORITY_INVALID';
  expect(emitPreventable(app, 'certificate-error', {}, {}, 'https://127.0.0.1/', error, {}, callback, true)).toBe(true);
  expect(callback.mock.calls).toEqual([[false]]);
});

it('[SHELL6] only what our own page made is saved to the disk', () => {
  const refused = (url: string) =>
    emitPreventable(session.defaultSession, 'will-download', {}, { getURL: () => url }, {});
  expect(refused(`blob:${origin}/7b0c-11`)).toBe(false);
  for (const url of [`${origin}/setup.exe`, 'https://example.org/a.exe', 'blob:https://example.org/1', 'data:,x']) {
    expect(refused(url), url).toBe(true);
  }
});

it('[SHELL2] what the log keeps of a refused address is its origin, for a path may carry a token', () => {
  log.warn.mockClear();
  emitPreventable(new BrowserWindow({}).webContents, 'will-navigate', { url: 'https://example.org/J/SECRET#token' });
  expect(log.warn.mock.calls).toEqual([[{ to: 'https://example.org' }, 'Navigation refused']]);
});
