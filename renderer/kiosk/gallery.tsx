import { IconAlertTriangle, IconEyeOff, IconPhoto } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Photo } from '../../protocol/photo.ts';
import type { DeskChats } from '../client/desk-chats.ts';
import { type DeskState, type Person, sessionKey } from '../client/desk-state.ts';
import type { DeskStore } from '../client/desk-store.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { PersonTabs } from '../ui/person-tabs.tsx';
import { PhotoGrid } from '../ui/photo-grid.tsx';
import { PhotoViewer } from '../ui/photo-viewer.tsx';
import { rotateImage } from '../ui/rotate-image.ts';
import { StateMessage } from '../ui/state-message.tsx';
import { thumbQueue } from '../ui/thumb-queue.ts';
import type { LoadBlob } from '../ui/use-blob-url.ts';
import styles from './desk-screen.module.css';
import { PersonChat } from './person-chat.tsx';
import { printPhoto } from './print-photo.ts';
import { savePhoto } from './save-photo.ts';
import type { Notices } from './use-notices.ts';

interface Props {
  store: DeskStore;
  chats: DeskChats;
  state: DeskState;
  notices: Notices;
  load: LoadBlob;
  isShown: (person: Person) => boolean;
  nameOf: (person: Person) => string;
  onView: (key: string) => void;
  onHelp: () => void;
}

/** The right side: everyone's photos, one person at a time. */
export function Gallery({ store, chats, state, notices, load, isShown, nameOf, onView, onHelp }: Props) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<Photo | null>(null);
  const person = state.people.find(one => one.key === state.viewed) ?? null;
  const visible = person && isShown(person) ? person : null;
  const index = visible?.photos.findIndex(photo => photo.id === opened) ?? -1;
  const photo = visible?.photos[index] ?? null;

  const { unread } = useSyncExternalStore(chats.subscribe, chats.getSnapshot);
  /** The live one, or the last one that ended. */
  const sessionOf = (one: Person) =>
    one.session ?? state.sessions.find(session => sessionKey(session) === one.key) ?? null;
  const messagesOf = (one: Person) => unread.get(sessionOf(one)?.conversation_id ?? '') ?? 0;

  const thumbs = useMemo(() => thumbQueue(load), [load]);
  // The question that lay above the viewer may have been opened by a key, from nowhere that the focus could go back to.
  const asking = deleting !== null;
  useEffect(() => {
    if (asking) return;
    const later = setTimeout(() => {
      const viewer = document.querySelector<HTMLElement>('[data-viewer]');
      if (!document.activeElement?.closest('[aria-modal=true]')) viewer?.focus();
    }, 50);
    return () => clearTimeout(later);
  }, [asking]);

  const { attempt, tell } = notices;
  const open = useCallback((one: Photo) => setOpened(one.id), []);
  const photos = visible?.photos;
  const openById = useCallback(
    (id: string) => {
      if (!photos?.some(one => one.id === id)) return false;
      setOpened(id);
      return true;
    },
    [photos],
  );
  const accept = useCallback(
    (one: Photo) => void attempt(store.review(one.id, 'accepted'), 'notice.reviewFailed'),
    [attempt, store],
  );
  const reject = useCallback(
    (one: Photo, reason: string) => void attempt(store.review(one.id, 'rejected', reason), 'notice.reviewFailed'),
    [attempt, store],
  );
  // To the photo that was shown last, where the grid has it: one goes on from there.
  const close = (id: string) => {
    setOpened(null);
    const card = document.querySelector(`[data-testid=photo-card][data-photo-id="${id}"]`);
    const there = card ?? document.querySelector('[data-testid=photo-card]');
    there?.querySelector<HTMLElement>('[data-open]')?.focus();
  };
  const whole = async (one: Photo) => {
    const image = await load(one.urls.full, new AbortController().signal);
    if (image.ok) return image.value;
    tell('bad', t('notice.failed', { why: t(`errors.${image.error.code}`) }));
    return null;
  };
  const save = async (one: Photo) => {
    const image = await whole(one);
    if (image) savePhoto(document, one, image);
  };
  const print = async (one: Photo, quarters: number) => {
    const image = await whole(one);
    if (image) await printPhoto(window, quarters === 0 ? image : await rotateImage(image, quarters));
  };
  const move = async (one: Photo, idPersona: string) => {
    const done = await attempt(store.movePhoto(one.id, idPersona));
    if (done) tell('good', t('notice.moved', { idPersona }));
    return done;
  };
  const remove = async (one: Photo) => {
    const after = visible?.photos[index + 1] ?? visible?.photos[index - 1] ?? null;
    if (!(await attempt(store.deletePhoto(one.id)))) return;
    tell('good', t('notice.deleted'));
    if (opened === one.id) setOpened(after?.id ?? null);
  };

  return (
    <section id="photos" tabIndex={-1} className={styles.gallery} aria-labelledby="gallery-title">
      <h2 id="gallery-title" className={styles.galleryTitle}>
        {t('photos.title')}
      </h2>
      {state.people.length === 0 ? (
        nobody()
      ) : (
        <PersonTabs
          people={state.people}
          viewed={person?.key ?? null}
          isShown={isShown}
          nameOf={nameOf}
          messagesOf={messagesOf}
          onView={onView}
        >
          {visible ? (
            <div className={styles.person}>
              <div className={styles.photos}>
                <PhotoGrid
                  person={visible}
                  load={thumbs}
                  onMore={() => void store.loadMore(visible.key)}
                  onOpen={open}
                  onAccept={accept}
                  onReject={reject}
                />
              </div>
              <PersonChat
                chats={chats}
                session={sessionOf(visible)}
                unread={messagesOf(visible)}
                offline={state.connection !== 'connected'}
                quickReplies={state.settings?.quick_replies ?? []}
                load={load}
                notices={notices}
                onOpenPhoto={openById}
              />
            </div>
          ) : (
            <StateMessage icon={IconEyeOff} title={t('photos.hiddenTitle')} text={t('photos.hiddenText')} />
          )}
        </PersonTabs>
      )}
      {state.people.length > 0 && !person && (
        <StateMessage icon={IconPhoto} title={t('photos.nobodyTitle')} text={t('photos.nobodyText')} />
      )}
      {visible && photo && (
        <PhotoViewer
          photo={photo}
          index={index}
          count={visible.photos.length}
          person={nameOf(visible)}
          load={load}
          onStep={by => setOpened(visible.photos[index + by]?.id ?? photo.id)}
          onAccept={accept}
          onReject={reject}
          onSave={one => void save(one)}
          onPrint={(one, quarters) => void print(one, quarters)}
          onHelp={onHelp}
          onDelete={setDeleting}
          onMove={move}
          onClose={() => close(photo.id)}
        />
      )}
      <ConfirmDialog
        opened={deleting !== null}
        title={t('review.removeTitle')}
        text={t('review.removeText')}
        action={t('review.remove')}
        onConfirm={async () => {
          if (deleting) await remove(deleting);
        }}
        onClose={() => setDeleting(null)}
      />
    </section>
  );

  function nobody() {
    const again = { label: t('app.retry'), onClick: () => store.retry() };
    if (state.load.status === 'failed') {
      return <StateMessage icon={IconAlertTriangle} tone="bad" title={t('photos.failed')} action={again} />;
    }
    if (state.load.status === 'loading' && state.connection !== 'offline') {
      return <StateMessage title={t('photos.loading')} />;
    }
    return <StateMessage icon={IconPhoto} title={t('photos.nobodyTitle')} text={t('photos.nobodyText')} />;
  }
}
