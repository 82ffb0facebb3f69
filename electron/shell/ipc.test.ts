import { beforeAll, expect, it, vi } from 'vitest';
import { BrowserWindow, ipcMain } from '../../tests/shell/electron-stand-in.ts';
import { canAutostartChannel, operatorTokenChannel, showDisplayChannel } from './bridge.ts';
import { answerCanAutostart, answerOperatorToken, answerShowDisplay } from './ipc.ts';

const origin = 'http://127.0.0.1:21200';
const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const ours = new BrowserWindow({}).webContents;
const theirs = new BrowserWindow({}).webContents;
const show = vi.fn();
const mainFrame = { url: `${origin}/kiosk`, parent: null };

beforeAll(() => {
  const desk = { origin, owns: (contents: object) => Object.is(contents, ours), log };
  answerOperatorToken({ ...desk, operatorToken: 'the-token' });
  answerCanAutostart(desk, () => true);
  answerShowDisplay(desk, show);
});

const ask = (sender: object, senderFrame: object | null, ...input: unknown[]) =>
  ipcMain.receive(operatorTokenChannel, { sender, senderFrame }, input);

it('[SHELL7] the operator token goes to the main frame of our own window', async () => {
  await expect(ask(ours, mainFrame)).resolves.toBe('the-token');
});

it.each([
  ['another window', theirs, mainFrame],
  ['a frame within our page', ours, { url: `${origin}/kiosk`, parent: mainFrame }],
  ['a page of another port', ours, { url: 'http://127.0.0.1:21201/kiosk', parent: null }],
  ['a page of another host', ours, { url: 'https://example.org/kiosk', parent: null }],
  ['a page whose address only begins like ours', ours, { url: `${origin}.example.org/`, parent: null }],
  ['a page without an address', ours, { url: '', parent: null }],
  ['a frame that has gone', ours, null],
])('[SHELL7] %s gets no operator token', async (_who, sender, frame) => {
  await expect(ask(sender, frame)).rejects.toThrow('forbidden');
});

it.each([[['x']], [[{}]], [[undefined]], [[null, null]]])(
  '[SHELL7] a request with arguments is refused: %j',
  async input => {
    await expect(ask(ours, mainFrame, ...input)).rejects.toThrow('forbidden');
  },
);

it('[SET17] only our own window is told whether the app can open with the computer', async () => {
  const askOf = (sender: object) => ipcMain.receive(canAutostartChannel, { sender, senderFrame: mainFrame }, []);
  await expect(askOf(ours)).resolves.toBe(true);
  await expect(askOf(theirs)).rejects.toThrow('forbidden');
});

it('[SHELL7] no other channel is open', () => {
  expect([...ipcMain.handlers.keys()]).toEqual([operatorTokenChannel, canAutostartChannel, showDisplayChannel]);
  expect(ipcMain.eventNames()).toEqual([]);
});

it('[SHELL20] our own page alone opens the visitor’s screen', async () => {
  const asked = (sender: object) => ipcMain.receive(showDisplayChannel, { sender, senderFrame: mainFrame }, []);
  await expect(asked(theirs)).rejects.toThrow('forbidden');
  expect(show).not.toHaveBeenCalled();
  await asked(ours);
  expect(show).toHaveBeenCalledTimes(1);
});
