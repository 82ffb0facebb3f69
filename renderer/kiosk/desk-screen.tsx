import { Button, VisuallyHidden } from '@mantine/core';
import { IconDeviceTv, IconEyeOff, IconKeyboard, IconVolume, IconVolumeOff } from '@tabler/icons-react';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { PageFacts } from '../../protocol/page-facts.ts';
import type { Session } from '../../protocol/session.ts';
import type { DeskChats } from '../client/desk-chats.ts';
import { type Person, personKey, sessionKey } from '../client/desk-state.ts';
import type { DeskStore } from '../client/desk-store.ts';
import type { HttpClient } from '../client/index.ts';
import type { NetworkStore } from '../client/network-store.ts';
import { ActivityDrawer } from '../ui/activity-drawer.tsx';
import { AppHeader } from '../ui/app-header.tsx';
import { Contained } from '../ui/contained.tsx';
import { copyText } from '../ui/copy-text.ts';
import { HeaderTool } from '../ui/header-tool.tsx';
import { HelpDialog } from '../ui/help-dialog.tsx';
import { cutOffBy, networkHost } from '../ui/network-host.ts';
import { Notices } from '../ui/notices.tsx';
import type { Scan } from '../ui/person-form.tsx';
import { RestVeil } from '../ui/rest-veil.tsx';
import { useTexts } from '../ui/texts/use-texts.tsx';
import type { LoadBlob } from '../ui/use-blob-url.ts';
import { csv, csvName } from './activity-csv.ts';
import { sentenceWriter } from './activity-sentence.ts';
import styles from './desk-screen.module.css';
import { DeskSettings } from './desk-settings.tsx';
import { Gallery } from './gallery.tsx';
import { Groups } from './groups.tsx';
import { NetworkHelp } from './network-help.tsx';
import { saveBlob } from './save-blob.ts';
import { Station } from './station.tsx';
import { useAnnouncements } from './use-announcements.ts';
import { useAnnouncer } from './use-announcer.ts';
import { useKeptPlace } from './use-kept-place.ts';
import { useNotices } from './use-notices.ts';
import { usePageKeys } from './use-page-keys.ts';
import { useRest, useStill } from './use-rest.ts';
import { useSounds } from './use-sounds.ts';

interface Props {
  facts: PageFacts;
  store: DeskStore;
  chats: DeskChats;
  http: HttpClient;
  network: NetworkStore;
  /** Whether the visitor's screen could be opened. */
  openDisplay: () => boolean;
}

export function DeskScreen({ facts, store, chats, http, network, openDisplay }: Props) {
  const { t } = useTexts();
  const state = useSyncExternalStore(store.subscribe, store.getSnapshot);
  const notices = useNotices();
  const { selected, setSelectedId } = useKeptPlace(store, state, window.sessionStorage);
  const [logOpened, setLogOpened] = useState(false);
  const [settingsOpened, setSettingsOpened] = useState(false);
  const [helpOpened, setHelpOpened] = useState(false);
  const [help, setHelp] = useState<'network' | 'wifi' | null>(null);
  const [scan, setScan] = useState<Scan | null>(null);
  const [scanRefused, setScanRefused] = useState(false);
  // What stood open was about somebody else. Settings alone may hold what nobody has saved: they are closed by a person.
  const takeScan = (text: string) => {
    if (settingsOpened) return setScanRefused(true);
    setHelpOpened(false);
    setHelp(null);
    setScan({ text });
  };
  const keys = usePageKeys(takeScan, window.localStorage);
  const { resting, rest, wake } = useRest(state.settings?.blur_minutes ?? 5);
  const sounds = useSounds(store, state, chats, notices, window.localStorage);

  // While a QR is on the screen a stranger stands in front of it: only the person it is for is named. (UX "Desk".)
  const only = selected?.qr ? sessionKey(selected) : null;
  // The welcome stands before whoever comes next: once nobody touches it, it names nobody either, long before the screen rests.
  const still = useStill(selected === null);
  const nameless = still || (resting && only === null);
  const isShown = (person: Person) => only === null || person.key === only;
  const named = (key: string, idPersona: string | null) => {
    if (nameless || (only !== null && key !== only)) return t('station.masked');
    return idPersona ?? t('station.unassigned');
  };
  const mayName = useMemo(() => {
    if (nameless) return () => false;
    return only === null ? null : (idPersona: string | null) => personKey({ idPersona, session_id: null }) === only;
  }, [only, nameless]);
  const sentenceOf = sentenceWriter(t, mayName);
  const announcer = useAnnouncer(`${state.forgotten} ${nameless ? 'nobody' : (only ?? 'everybody')}`);
  const load: LoadBlob = (path, signal) => http.fetchBlob(path, signal);

  const select = (session: Session | null) => {
    setSelectedId(session?.id ?? null);
    if (session) store.view(sessionKey(session));
  };
  const view = (key: string) => {
    store.view(key);
    // Just looked up, a person is not yet in what was drawn.
    const { people } = store.getSnapshot();
    setSelectedId(people.find(person => person.key === key)?.session?.id ?? null);
  };
  const copy = async (text: string) => {
    if (await copyText(text)) notices.tell('good', t('activity.copied'));
    else notices.tell('bad', t('activity.copyFailed'));
  };
  const exportLog = (rows: readonly (readonly string[])[], isPart: boolean) => {
    const head = [t('activity.at'), t('activity.kind'), t('activity.what')];
    saveBlob(document, csv([head, ...rows]), csvName(t('activity.file'), new Date()));
    notices.tell('good', t(isPart ? 'activity.exportedLoaded' : 'activity.exported'));
  };

  // The visitor's screen follows this one, and is told again after a break.
  const isKnown = state.connection === 'connected' && state.load.status === 'ready';
  const shownId = selected?.id ?? null;
  useEffect(() => {
    if (isKnown) store.showVisitor(shownId);
  }, [store, isKnown, shownId]);

  const { status, load: networkLoad } = useSyncExternalStore(network.subscribe, network.getSnapshot);
  const cutOff = cutOffBy(status);
  const isNetworkKnown = status !== null || networkLoad === 'failed';
  const isQrShown = only !== null && cutOff !== 'network' && isNetworkKnown;
  useAnnouncements(announcer, { state, chats, selected, isQrShown, named });
  return (
    <div className={styles.screen}>
      <AppHeader
        desk={facts.desk}
        connection={state.connection}
        host={networkHost(status?.url)}
        cutOff={cutOff}
        onSettings={state.settings && (() => setSettingsOpened(true))}
        onNetwork={() => setHelp('network')}
      >
        <Groups
          chats={chats}
          offline={state.connection !== 'connected'}
          hidden={only !== null}
          load={load}
          notices={notices}
        />
        <HeaderTool label={t('desk.rest.lock')} icon={IconEyeOff} shortcut="B" testId="rest" onClick={rest} />
        <HeaderTool
          label={t(sounds.on ? 'desk.sounds.on' : 'desk.sounds.off')}
          icon={sounds.on ? IconVolume : IconVolumeOff}
          testId="sounds"
          onClick={sounds.toggle}
        />
        <HeaderTool
          label={t('display.open')}
          icon={IconDeviceTv}
          testId="display-open"
          onClick={() => openDisplay() || notices.tell('bad', t('display.blocked'))}
        />
        <HeaderTool
          label={t('desk.keys.open')}
          icon={IconKeyboard}
          shortcut="?"
          testId="help-open"
          onClick={() => setHelpOpened(true)}
        />
      </AppHeader>
      <NetworkHelp network={network} opened={help} onOpen={setHelp} />
      {state.settings && settingsOpened && (
        <DeskSettings
          store={store}
          settings={state.settings}
          online={state.connection === 'connected'}
          scanRefused={scanRefused}
          onClose={() => {
            setSettingsOpened(false);
            setScanRefused(false);
          }}
        />
      )}
      {state.connection === 'offline' && (
        <div className={styles.offline} role="alert">
          <span>{t('connection.offlineHelp')}</span>
          <Button variant="white" color="dark" onClick={() => store.retry()}>
            {t('app.retry')}
          </Button>
        </div>
      )}
      <div className={styles.work} data-waiting={only !== null || undefined}>
        <Contained id="idPersona" className={styles.station}>
          <Station
            store={store}
            state={state}
            notices={notices}
            selected={selected}
            scan={scan}
            nameOf={session => named(sessionKey(session), session.idPersona)}
            onSelect={select}
            cutOff={cutOff}
            isNetworkKnown={isNetworkKnown}
            host={status?.host ?? ''}
            onWifi={status?.wifi ? () => setHelp('wifi') : null}
            onTrouble={() => setHelp('network')}
          />
        </Contained>
        <Contained id="photos" className={styles.gallery}>
          <Gallery
            store={store}
            chats={chats}
            state={state}
            notices={notices}
            selected={selected}
            load={load}
            http={http}
            scan={scan}
            masked={only !== null}
            isShown={isShown}
            nameOf={person => named(person.key, person.idPersona)}
            onView={view}
            onHelp={() => setHelpOpened(true)}
            say={announcer.say}
          />
        </Contained>
        <div className={styles.foot}>
          <Notices place="bar" notices={notices.notices} onDismiss={notices.dismiss} />
          <Contained id="activity">
            <ActivityDrawer
              log={state.activity}
              opened={logOpened}
              sentenceOf={sentenceOf}
              onToggle={() => setLogOpened(!logOpened)}
              onRetry={() => store.retry()}
              onOlder={(kinds, wanted) => void store.readOlderLines(kinds, wanted)}
              onLatest={store.showLatestLines}
              onCopy={text => void copy(text)}
              onExport={exportLog}
            />
          </Contained>
        </div>
      </div>
      <RestVeil
        resting={resting}
        desk={only === null ? (state.settings?.desk_name ?? facts.desk) : null}
        onWake={wake}
      />
      <HelpDialog
        opened={helpOpened}
        shortcuts={keys.shortcuts}
        onShortcuts={keys.setShortcuts}
        onClose={() => setHelpOpened(false)}
      />
      <VisuallyHidden component="div" aria-live="polite" data-testid="announcer">
        {announcer.said && <p key={announcer.said.id}>{announcer.said.text}</p>}
      </VisuallyHidden>
    </div>
  );
}
