/** @jsxImportSource preact */
import type { App } from '../app.ts';
import { useSnapshot } from '../use-snapshot.ts';
import type { Words } from '../words.ts';
import { Notice } from './Notice.tsx';

/** That a reload would lose what waits here, where the browser keeps nothing or has no room for it. */
export function MemoryOnly({ app, words }: { app: App; words: Words }) {
  useSnapshot(app.queue);
  if (app.queue.durable) return null;
  return (
    <Notice tone="warn" icon="info" testid="memory-only">
      {words.memoryOnly}
    </Notice>
  );
}
