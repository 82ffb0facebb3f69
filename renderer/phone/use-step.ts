import { useEffect, useState } from 'preact/hooks';
import type { Phase } from './queue.ts';

/**
 * What a photo's state is called, and how far it is in percent: `null` where it is not on its way, or has not come further for
 * 5 s. A browser counts what it has only buffered as sent, so that its number would stand there with nothing at the desk.
 */
export function useStep(phase: Phase): { name: Phase['name']; percent: number | null } {
  const [stalled, setStalled] = useState<Phase | null>(null);
  useEffect(() => {
    const timer = setTimeout(setStalled, 5_000, phase);
    return () => clearTimeout(timer);
  }, [phase]);
  if (phase.name !== 'uploading') return { name: phase.name, percent: null };
  if (phase === stalled) return { name: 'waiting', percent: null };
  const { sent, total } = phase;
  // Never 100: only the server's word makes it whole.
  return { name: 'uploading', percent: total > 0 ? Math.min(99, Math.floor((100 * sent) / total)) : 0 };
}
