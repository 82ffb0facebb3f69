import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RequestError } from '../client/index.ts';
import type { Notice } from '../ui/notices.tsx';

/** Good news goes by itself after this many milliseconds; bad news waits for a person. */
const goodFor = 4000;

export interface Notices {
  notices: readonly Notice[];
  dismiss: (id: number) => void;
  tell: (tone: Notice['tone'], text: string) => void;
  /** Waits for something the server may refuse, and says so where it does. Answers whether it went well. */
  attempt: (work: Promise<unknown>, say?: 'notice.failed' | 'notice.reviewFailed') => Promise<boolean>;
}

export function useNotices(): Notices {
  const { t } = useTranslation();
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const count = useRef(0);
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  useEffect(() => {
    const running = timers.current;
    return () => running.forEach(clearTimeout);
  }, []);

  const dismiss = useCallback((id: number) => setNotices(all => all.filter(one => one.id !== id)), []);
  const tell = useCallback(
    (tone: Notice['tone'], text: string) => {
      count.current += 1;
      const id = count.current;
      setNotices(all => [...all.slice(-3), { id, tone, text }]);
      if (tone === 'good') timers.current.add(setTimeout(() => dismiss(id), goodFor));
    },
    [dismiss],
  );
  const attempt = useCallback<Notices['attempt']>(
    async (work, say = 'notice.failed') => {
      try {
        await work;
        return true;
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        tell('bad', t(say, { why: t(`errors.${error.code}`) }));
        return false;
      }
    },
    [t, tell],
  );
  return { notices, dismiss, tell, attempt };
}
