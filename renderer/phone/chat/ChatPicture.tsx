/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks';
import type { App } from '../app.ts';
import { Icon } from '../icons.tsx';
import { Preview } from '../parts/Preview.tsx';
import { useSnapshot } from '../use-snapshot.ts';
import type { Visit } from '../visit.ts';
import type { Words } from '../words.ts';
import { placeOf } from './file-places.ts';
import { useModal } from './modal.ts';

interface Props {
  app: App;
  visit: Visit;
  url: string;
  words: Words;
}

/** A photo in a message: small, and large on a tap. */
export function ChatPicture({ app, visit, url, words }: Props) {
  const place = placeOf(url);
  const thumbs = useSnapshot(app.thumbs);
  const { link } = useSnapshot(visit);
  const [isLarge, setLarge] = useState(false);
  const thumb = place && thumbs.get(place.id);
  // biome-ignore lint/correctness/useExhaustiveDependencies: for each picture once a connection
  useEffect(() => {
    if (place) app.fetchPicture(visit, place.id, place.small);
  }, [url, link]);
  if (!place) return null;
  return (
    <>
      <button
        type="button"
        class="picture"
        data-testid="chat-picture"
        aria-label={words.chat.seePhoto}
        onClick={() => setLarge(true)}
      >
        {thumb ? <img src={thumb} alt="" data-testid="chat-thumb" /> : <Icon name="photo" />}
      </button>
      {isLarge && <Large app={app} visit={visit} path={place.full} words={words} onClose={() => setLarge(false)} />}
    </>
  );
}

function Large({ app, visit, path, words, onClose }: Omit<Props, 'url'> & { path: string; onClose: () => void }) {
  const modal = useModal(onClose);
  const [picture, show] = useState<Blob | 'waiting' | 'failed'>('waiting');
  useEffect(() => {
    let isHere = true;
    void app.fetchFile(visit, path).then(blob => {
      if (isHere) show(blob ?? 'failed');
    });
    return () => {
      isHere = false;
    };
  }, [app, visit, path]);
  return (
    <dialog class="large" aria-label={words.chat.photo} data-testid="chat-large" {...modal}>
      <button type="button" class="icon-button" autofocus aria-label={words.chat.closePhoto} onClick={onClose}>
        <Icon name="cross" />
      </button>
      {picture === 'waiting' && <Icon name="turning" />}
      {picture === 'failed' && (
        <p class="state bad">
          <Icon name="unreadable" />
          {words.chat.noPhoto}
        </p>
      )}
      {picture instanceof Blob && <Preview blob={picture} label={words.chat.photo} />}
    </dialog>
  );
}
