import { VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconEyeOff, IconPhoto } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { type Photo, undoFor } from '../../protocol/photo.ts';
import type { Session } from '../../protocol/session.ts';
import type { DeskChats } from '../client/desk-chats.ts';
import { type DeskState, isLive, type Person, sessionKey } from '../client/desk-state.ts';
import type { DeskStore } from '../client/desk-store.ts';
import type { HttpClient } from '../client/index.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Contained } from '../ui/contained.tsx';
import type { Scan } from '../ui/person-form.tsx';
import { PersonMenu } from '../ui/person-menu.tsx';
import { PersonSearch } from '../ui/person-search.tsx';
import { PersonTabs } from '../ui/person-tabs.tsx';
import { PhotoGrid } from '../ui/photo-grid.tsx';
import { PhotoViewer } from '../ui/photo-viewer.tsx';
import { rotateImage } from '../ui/rotate-image.ts';
import { StateMessage } from '../ui/state-message.tsx';
import { useTexts } from '../ui/texts/use-texts.tsx';
import { thumbQueue } from '../ui/thumb-queue.ts';
import type { LoadBlob } from '../ui/use-blob-url.ts';
import styles from './desk-screen.module.css';
import { PersonChat } from './person-chat.tsx';
import { type Asked, PersonDialogs } from './person-dialogs.tsx';
import { printPhoto } from './print-photo.ts';
import { savePhoto } from './save-photo.ts';
import { tidyTabs } from './tidy-tabs.ts';
import type { Notices } from './use-notices.ts';

interface Props {
  store: DeskStore;
  chats: DeskChats;
  state: DeskState;
  notices: Notices;
  /** The session that the left side is about. */
  selected: Session | null;
  load: LoadBlob;
  http: HttpClient;
  /** What a bar code reader read last: another visitor is here, and what stands open is not about them. */
  scan: Scan | null;
  /** A QR waits: nobody but its person may be named. */
  masked: boolean;
  isShown: (person: Person) => boolean;
  nameOf: (person: Person) => string;
  onView: (key: string) => void;
  onHelp: () => void;
  /** Reads it aloud. */
  say: (text: string) => void;
}

/** The right side: everyone's photos, one person at a time. */
export function Gallery(props: Props) {
  const { store, chats, state, notices, selected, load, http, scan, masked, isShown, nameOf, onView, onHelp, say } =
    props;
  const { t } = useTexts();
  const [opened, setOpened] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<Photo | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const person = state.people.find(one => one.key === state.viewed) ?? null;
  const visible = person && isShown(person) ? person : null;
  const index = visible?.photos.findIndex(photo => photo.id === opened) ?? -1;
  const photo = visible?.photos[index] ?? null;
  const isHere = visible !== null;

  const { unread, conversations } = useSyncExternalStore(chats.subscribe, chats.getSnapshot);
  /** Of a person with several, as another system may make them, the one that is selected; else the live one, or the last one that ended. */
  const sessionOf = ({ key, session }: Person) => {
    if (selected && sessionKey(selected) === key) return selected;
    return session ?? state.sessions.find(one => sessionKey(one) === key) ?? null;
  };
  const session = visible && sessionOf(visible);
  const written = new Set(conversations.filter(one => one.last_message !== null).map(one => one.id));
  const isEarlier = (one: Session) =>
    one.id !== session?.id &&
    !isLive(one) &&
    sessionKey(one) === visible?.key &&
    written.has(one.conversation_id ?? '');
  const unreadOf = new Map<string, number>();
  for (const one of state.sessions) {
    const messages = unread.get(one.conversation_id ?? '') ?? 0;
    const key = sessionKey(one);
    if (messages > 0) unreadOf.set(key, (unreadOf.get(key) ?? 0) + messages);
  }
  const messagesOf = (one: Person) => unreadOf.get(one.key) ?? 0;

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

  // biome-ignore lint/correctness/useExhaustiveDependencies: another reading is the reason
  useEffect(() => {
    setOpened(null);
    setDeleting(null);
    setAsked(null);
  }, [scan]);

  // Out of the menu, which was gone by then, or of a person who is gone now.
  const wasAsked = useRef(false);
  useEffect(() => {
    if (wasAsked.current && asked === null) {
      const menu = document.querySelector<HTMLElement>('[data-testid=person-menu]:not(:disabled)');
      (menu ?? document.getElementById('photos'))?.focus();
    }
    wasAsked.current = asked !== null;
  }, [asked]);

  const { attempt, tell, offer } = notices;
  // Gone from here, and not by this desk's own hand: it must not come up again by itself when it is back, over whatever is done by then.
  const ownDoing = useRef<string | null>(null);
  const isGone = opened !== null && !photo && (visible === null || visible.load.status === 'ready');
  useEffect(() => {
    if (!isGone || opened === ownDoing.current) return;
    setOpened(now => (now === opened ? null : now));
    setDeleting(null);
    if (isHere) tell('bad', t('photos.gone'));
    if (document.activeElement === document.body) document.getElementById('photos')?.focus();
  }, [isGone, isHere, opened, tell, t]);
  const looked = photo?.id;
  useEffect(() => {
    if (looked !== undefined) store.noteView(looked);
  }, [looked, store]);
  const find = (query: string) => store.findPeople(query);
  const showFirst = async (one: Photo) => {
    const { duplicate_of: first } = one;
    if (first && (await attempt(store.fetchPhoto(first)))) setOpened(first);
  };
  const open = (one: Photo) => setOpened(one.id);
  const photos = visible?.photos;
  const openById = (id: string) => {
    if (!photos?.some(one => one.id === id)) return false;
    setOpened(id);
    return true;
  };
  const judge = async (work: Promise<void>, heard: string) => {
    if (await attempt(work, 'notice.reviewFailed')) say(heard);
  };
  const accept = (one: Photo) => void judge(store.review(one.id, 'accepted'), t('status.accepted'));
  const reject = (one: Photo, reason: string) =>
    void judge(store.review(one.id, 'rejected', reason), `${t('status.rejected')}: ${reason}`);
  const isHeard = (one: Photo) => state.sessions.some(session => session.id === one.session_id && isLive(session));
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
  const moved = (one: Photo, to: string) => {
    const text = t('notice.moved', { idPersona: to });
    const { idPersona: from } = one;
    if (from === null) return tell('good', text);
    const back = async () => {
      if (await attempt(store.movePhoto(one.id, from))) tell('good', t('notice.moved', { idPersona: from }));
    };
    offer(text, Date.now() + undoFor, () => void back());
  };
  const move = async (one: Photo, idPersona: string) => {
    ownDoing.current = one.id;
    const done = await attempt(store.movePhoto(one.id, idPersona));
    if (done) moved(one, idPersona);
    if (done && opened === one.id) close(one.id);
    ownDoing.current = null;
    return done;
  };
  const remove = async (one: Photo) => {
    const after = visible?.photos[index + 1] ?? visible?.photos[index - 1] ?? null;
    // Counted from before it is asked for: the button promises no second that the server does not keep.
    const until = Date.now() + undoFor;
    ownDoing.current = one.id;
    const done = await attempt(store.deletePhoto(one.id));
    ownDoing.current = null;
    if (!done) return;
    const undo = async () => {
      // The button goes, and with it the focus: the viewer's keys would be heard by nobody.
      document.querySelector<HTMLElement>('[data-viewer]')?.focus();
      if (await attempt(store.restorePhoto(one.id))) tell('good', t('people.restored'));
    };
    offer(t('people.deleted', { seconds: undoFor / 1_000 }), until, () => void undo());
    if (opened === one.id) setOpened(after?.id ?? null);
  };

  function tools() {
    const idPersona = visible?.idPersona ?? null;
    const online = state.connection === 'connected';
    return (
      <div className={styles.tools} data-alone={state.people.length === 0 || undefined}>
        <PersonSearch masked={masked} disabled={!online} find={find} onOpen={found => onView(store.lookUp(found))} />
        {idPersona !== null && (
          <PersonMenu
            person={idPersona}
            disabled={!online}
            onExport={() => setAsked({ what: 'export', idPersona })}
            onErase={() => setAsked({ what: 'erase', idPersona })}
          />
        )}
      </div>
    );
  }

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

  return (
    <section id="photos" tabIndex={-1} className={styles.gallery} aria-labelledby="gallery-title">
      <VisuallyHidden component="h2" id="gallery-title">
        {t('photos.title')}
      </VisuallyHidden>
      {state.people.length === 0 ? (
        <>
          {tools()}
          {nobody()}
        </>
      ) : (
        <PersonTabs
          people={tidyTabs(state.people, one => one.key === state.viewed || messagesOf(one) > 0)}
          viewed={person?.key ?? null}
          isShown={isShown}
          nameOf={nameOf}
          messagesOf={messagesOf}
          onView={onView}
          tools={tools()}
        >
          {visible ? (
            <div className={styles.person}>
              <div className={styles.photos}>
                <PhotoGrid
                  person={visible}
                  thumbs={thumbs}
                  onMore={() => void store.loadMore(visible.key)}
                  onOpen={open}
                  onAccept={accept}
                  onReject={reject}
                  isHeard={isHeard}
                  onFirst={showFirst}
                />
              </div>
              <Contained key={visible.key}>
                <PersonChat
                  key={session?.id}
                  chats={chats}
                  session={session}
                  earlier={state.sessions.filter(isEarlier)}
                  unread={unread.get(session?.conversation_id ?? '') ?? 0}
                  offline={state.connection !== 'connected'}
                  quickReplies={state.settings?.quick_replies ?? []}
                  load={load}
                  notices={notices}
                  onOpenPhoto={openById}
                />
              </Contained>
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
          isHeard={isHeard}
          onSave={one => void save(one)}
          onPrint={(one, quarters) => void print(one, quarters)}
          onHelp={onHelp}
          onDelete={setDeleting}
          onMove={move}
          onClose={() => close(photo.id)}
        />
      )}
      <ConfirmDialog
        about={deleting}
        title={t('review.removeTitle')}
        text={t('review.removeText')}
        action={t('review.remove')}
        disabled={state.connection !== 'connected'}
        onConfirm={remove}
        onClose={() => setDeleting(null)}
      />
      {asked && (
        <PersonDialogs
          key={`${asked.what} ${asked.idPersona}`}
          asked={asked}
          store={store}
          http={http}
          notices={notices}
          // An export that goes on behind it may end when another is open.
          onClose={() => setAsked(now => (now === asked ? null : now))}
        />
      )}
    </section>
  );
}
