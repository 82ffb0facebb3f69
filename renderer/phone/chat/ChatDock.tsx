/** @jsxImportSource preact */
import { useState } from 'preact/hooks';
import type { PageFacts } from '../../../protocol/page-facts.ts';
import type { App } from '../app.ts';
import { useSnapshot } from '../use-snapshot.ts';
import type { Visit } from '../visit.ts';
import type { Words } from '../words.ts';
import { ChatNews } from './ChatNews.tsx';
import { ChatSheet } from './ChatSheet.tsx';

interface Props {
  app: App;
  visit: Visit;
  facts: PageFacts;
  words: Words;
}

/** The messages with the desk: their sheet while it is open, else what came meanwhile. What is being written outlives the sheet. */
export function ChatDock({ app, visit, facts, words }: Props) {
  const { chat } = visit;
  const { open } = useSnapshot(chat);
  const [draft, setDraft] = useState('');
  if (!open) return <ChatNews chat={chat} words={words} />;
  return (
    <ChatSheet app={app} visit={visit} words={words} maxChars={facts.chat_chars} draft={draft} onDraft={setDraft} />
  );
}
