/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks';
import type { App } from '../app.ts';
import { sizeIn } from '../formats.ts';
import { Icon } from '../icons.tsx';
import { useSnapshot } from '../use-snapshot.ts';
import type { Visit } from '../visit.ts';
import type { Words } from '../words.ts';
import { placeOf } from './file-places.ts';

interface Props {
  app: App;
  visit: Visit;
  url: string;
  name: string;
  words: Words;
}

/** A file in a message. It is fetched with the phone's token, so it becomes a download only here. */
export function FileCard({ app, visit, url, name, words }: Props) {
  const [state, setState] = useState<'ready' | 'busy' | 'failed'>('ready');
  const [bytes, weigh] = useState<number | null>(null);
  const place = placeOf(url);
  const path = place?.full;
  const { link } = useSnapshot(visit);
  useEffect(() => {
    if (path && link === 'online') void app.sizeOf(visit, path).then(weigh);
  }, [app, visit, path, link]);
  const shown = name || words.chat.file;
  const download = async (path: string) => {
    setState('busy');
    const blob = await app.fetchFile(visit, path);
    if (blob) save(blob, shown);
    setState(blob ? 'ready' : 'failed');
  };
  return (
    <div class="file" data-testid="chat-file">
      <p class="file-name">
        <Icon name="file" />
        <span>
          {shown}
          {bytes !== null && <small data-testid="chat-file-size"> · {sizeIn(bytes, words)}</small>}
        </span>
      </p>
      {path && (
        <button
          type="button"
          class="button small"
          data-testid="chat-download"
          aria-label={`${words.chat.download}: ${shown}`}
          disabled={state === 'busy'}
          onClick={() => void download(path)}
        >
          <Icon name={state === 'busy' ? 'turning' : 'download'} />
          <span>{state === 'busy' ? words.chat.downloading : words.chat.download}</span>
        </button>
      )}
      {state === 'failed' && (
        <p class="state bad" role="alert">
          <Icon name="warning" />
          {words.chat.noFile}
        </p>
      )}
    </div>
  );
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Some browsers read the address only after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
