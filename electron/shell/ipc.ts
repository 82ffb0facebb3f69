/** Answers the desk's page, and only it: the operator token opens everything, so whoever asks is looked at first. */
import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import * as z from 'zod/mini';
import type { Log } from '../core/ports.ts';
import { canAutostartChannel, operatorTokenChannel, showDisplayChannel } from './bridge.ts';

const NoArguments = z.tuple([]);

export interface PageDesk {
  /** Scheme, host and port of our own server. */
  origin: string;
  /** Whether these are the contents of a window that this app opened. */
  owns(contents: WebContents): boolean;
  log: Log;
}

/** Gives the operator token to the main frame of our own windows while it shows a page of `origin`; refuses all others. */
export function answerOperatorToken(desk: PageDesk & { operatorToken: string }): void {
  answer(desk, operatorTokenChannel, () => desk.operatorToken);
}

/** Tells the same pages, and no others, whether the app can open with the computer. */
export function answerCanAutostart(desk: PageDesk, can: () => boolean): void {
  answer(desk, canAutostartChannel, can);
}

/** Opens the visitor's screen for the same pages, and for no others. */
export function answerShowDisplay(desk: PageDesk, show: () => void): void {
  answer(desk, showDisplayChannel, show);
}

function answer(desk: PageDesk, channel: string, give: () => unknown): void {
  ipcMain.handle(channel, (event, ...input: unknown[]) => {
    if (desk.owns(event.sender) && isOwnPage(event, desk.origin) && NoArguments.safeParse(input).success) {
      return give();
    }
    desk.log.warn({ channel, page: pageOf(event) }, 'A foreign page was refused');
    throw new Error('forbidden');
  });
}

/** `senderFrame` is null once its page has gone; `parent` is null for a main frame alone. */
function isOwnPage({ senderFrame }: IpcMainInvokeEvent, origin: string): boolean {
  if (senderFrame === null || senderFrame.parent !== null) return false;
  return URL.canParse(senderFrame.url) && new URL(senderFrame.url).origin === origin;
}

/** Without path and fragment: those may carry a token. */
function pageOf({ senderFrame }: IpcMainInvokeEvent): string | null {
  return senderFrame !== null && URL.canParse(senderFrame.url) ? new URL(senderFrame.url).origin : null;
}
