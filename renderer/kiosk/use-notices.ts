import { useEffect, useRef, useState } from 'react';
import { RequestError } from '../client/index.ts';
import type { Notice } from '../ui/notices.tsx';
import { useTexts } from '../ui/texts/use-texts.tsx';

/** Good news goes by itself after this many milliseconds; bad news waits for a person. */
const goodFor = 4000;

export interface Notices {
  notices: readonly Notice[];
  dismiss: (id: number) => void;
  tell: (tone: Notice['tone'], text: string) => void;
  /** Good news that can be taken back until then, by this machine's clock: by its button or Ctrl+Z. */
  offer: (text: string, until: number, undo: () => void) => void;
  /** Waits for something the server may refuse, and says so where it does. Answers whether it went well. */
  attempt: (work: Promise<unknown>, say?: 'notice.failed' | 'notice.reviewFailed') => Promise<boolean>;
}

export function useNotices(): Notices {
  const { t } = useTexts();
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const count = useRef(0);
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  useEffect(() => {
    const running = timers.current;
    return () => running.forEach(clearTimeout);
  }, []);

  const dismiss = (id: number) => setNotices(all => all.filter(one => one.id !== id));
  const show = (notice: Omit<Notice, 'id'>, ms: number | null) => {
    count.current += 1;
    const id = count.current;
    setNotices(all => [...all.slice(-3), { id, ...notice }]);
    if (ms !== null) timers.current.add(setTimeout(() => dismiss(id), ms));
    return id;
  };
  const tell = (tone: Notice['tone'], text: string) => void show({ tone, text }, tone === 'good' ? goodFor : null);
  const offer = (text: string, until: number, undo: () => void) => {
    const run = () => {
      dismiss(id);
      undo();
    };
    const id = show({ tone: 'good', text, undo: { until, run } }, until - Date.now());
  };
  useUndoKey(notices);
  const attempt: Notices['attempt'] = async (work, say = 'notice.failed') => {
    try {
      await work;
      return true;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      tell('bad', t(say, { why: t(`errors.${error.code}`) }));
      return false;
    }
  };
  return { notices, dismiss, tell, offer, attempt };
}

/**
 * Ctrl+Z takes back the newest, wherever the keyboard is but in a field, which has its own. Where there is nothing to take back it does
 * nothing either: a browser would take back what was typed last, in a field that may lie behind a dialog, and move the keyboard there.
 */
function useUndoKey(notices: readonly Notice[]): void {
  const newest = notices.findLast(notice => notice.undo)?.undo;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z';
      const inField = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (!isUndo || (inField && (event.target.value !== '' || !newest))) return;
      event.preventDefault();
      newest?.run();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [newest]);
}
