import { Alert, Button } from '@mantine/core';
import { IconAlertTriangle, IconEyeOff, IconLifebuoy, IconLogout, IconQrcode, IconWifiOff } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { Session } from '../../protocol/session.ts';
import { type DeskState, isLive, sessionKey } from '../client/desk-state.ts';
import type { DeskStore } from '../client/desk-store.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { DoubtDialog } from '../ui/doubt-dialog.tsx';
import type { CutOff } from '../ui/network-host.ts';
import { PersonForm, type Scan } from '../ui/person-form.tsx';
import { SessionCard } from '../ui/session-card.tsx';
import { SessionStrip } from '../ui/session-strip.tsx';
import { shotState } from '../ui/shot-state.ts';
import { StateMessage } from '../ui/state-message.tsx';
import { Steps } from '../ui/steps.tsx';
import { useTexts } from '../ui/texts/use-texts.tsx';
import styles from './desk-screen.module.css';
import { useDoubt } from './use-doubt.ts';
import type { Notices } from './use-notices.ts';
import { WaitingQr } from './waiting-qr.tsx';

interface Props {
  store: DeskStore;
  state: DeskState;
  notices: Notices;
  selected: Session | null;
  scan: Scan | null;
  nameOf: (session: Session) => string;
  onSelect: (session: Session | null) => void;
  /** Why no phone could come by a QR; `null` where one can. */
  cutOff: CutOff | null;
  /** Whether that has been found out: until then no QR is shown. */
  isNetworkKnown: boolean;
  /** Where the server listens. */
  host: string;
  /** `null` where no Wi-Fi is set. */
  onWifi: (() => void) | null;
  onTrouble: () => void;
}

/** The left side: from an idPersona to a QR to a phone that is paired. */
export function Station(props: Props) {
  const { store, state, notices, selected, scan, nameOf, onSelect, cutOff, isNetworkKnown, host, onWifi, onTrouble } =
    props;
  const { t } = useTexts();
  const [ending, setEnding] = useState<Session | null>(null);
  const [replacing, setReplacing] = useState<Session | null>(null);
  const { doubt, whoIsMeant, leave } = useDoubt(store, scan);
  const [busy, setBusy] = useState(false);
  const online = state.connection === 'connected';
  const live = state.sessions.filter(isLive);

  const place = useRef<HTMLDivElement>(null);
  const later = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(later.current), []);
  // Where the button that was pressed is gone, the keyboard goes on from what took its place. After a dialog, which looks for that button.
  const goOn = () => {
    clearTimeout(later.current);
    later.current = setTimeout(() => {
      if (document.activeElement !== document.body) return;
      const next = place.current?.querySelector<HTMLElement>('section[tabindex]');
      (next ?? document.getElementById('idPersona'))?.focus();
    }, 50);
  };
  const asking = ending !== null || replacing !== null || doubt !== null;
  const wasAsking = useRef(false);
  useEffect(() => {
    if (wasAsking.current && !asking) goOn();
    wasAsking.current = asking;
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: another reading is the reason
  useEffect(() => {
    setEnding(null);
    setReplacing(null);
  }, [scan]);

  const choose = (session: Session | null) => {
    onSelect(session);
    goOn();
  };
  const open = async (idPersona: string | null, shots: readonly string[] = []) => {
    let opened: Session | null = null;
    const work = store.createSession(idPersona, shots).then(session => {
      opened = session;
    });
    const done = await notices.attempt(work);
    if (opened) choose(opened);
    return done;
  };
  const show = async (typed: string, shots: readonly string[], byReader: boolean) => {
    if (store.liveSessionOf(typed)) return 'exists';
    // Nobody has a hand at the keyboard.
    const idPersona = byReader ? typed : await whoIsMeant(typed, null);
    if (idPersona === null) return 'failed';
    if (store.liveSessionOf(idPersona)) {
      showExisting(idPersona);
      return 'opened';
    }
    return (await open(idPersona, shots)) ? 'opened' : 'failed';
  };
  const showExisting = (idPersona: string) => choose(store.liveSessionOf(idPersona));
  const run = async (work: Promise<unknown>) => {
    setBusy(true);
    await notices.attempt(work);
    setBusy(false);
    goOn();
  };
  // To the phone of one visitor would go what is meant for the other.
  const isTaken = (session: Session, idPersona: string) => {
    const { sessions } = store.getSnapshot();
    const taken = sessions.some(one => isLive(one) && one.id !== session.id && one.idPersona === idPersona);
    if (taken) notices.tell('bad', t('session.taken', { idPersona }));
    return taken;
  };
  const assign = async (session: Session, typed: string) => {
    if (isTaken(session, typed)) return false;
    const idPersona = await whoIsMeant(typed, session);
    if (idPersona === null || isTaken(session, idPersona)) return false;
    const done = await notices.attempt(store.assignSession(session.id, idPersona));
    if (done) notices.tell('good', t('notice.assigned', { idPersona }));
    return done;
  };

  function body() {
    if (!selected) return nobody();
    const waits = selected.status === 'pending' || selected.status === 'qr_ready';
    if (waits && cutOff === 'network') return noNetwork(selected);
    if (waits && online && !selected.qr && selected.status === 'qr_ready') return noNetwork(selected);
    if (waits && !isNetworkKnown) return <StateMessage title={t('station.loading')} />;
    if (selected.qr) {
      return (
        <>
          {/* Somebody chose that: a browser on this PC may still come by it, to try things out. */}
          {cutOff !== null && (
            <Alert color={cutOff === 'host' ? 'red' : 'yellow'} role="alert" data-testid="closed">
              {t(`station.aloneHelp.${cutOff}`, { host })}
            </Alert>
          )}
          <WaitingQr
            key={selected.id}
            qr={selected.qr}
            person={selected.idPersona === null ? null : nameOf(selected)}
            shots={selected.shots}
            clockOffset={state.clockOffset}
            connection={state.connection}
            onHide={() => choose(null)}
            onEnd={() => setEnding(selected)}
            onWifi={onWifi}
            onTrouble={onTrouble}
            onGone={goOn}
          />
        </>
      );
    }
    if (waits) return <StateMessage title={t('station.loading')} />;
    return (
      <SessionCard
        key={selected.id}
        session={selected}
        photos={photosOf(selected)}
        busy={busy}
        online={online}
        // A phone that is away may be lost; one that is here has somebody's photos on it.
        onAnotherPhone={() => (selected.phone.connected ? setReplacing(selected) : void renew(selected))}
        onEnd={() => setEnding(selected)}
        onAssign={idPersona => assign(selected, idPersona)}
        onAgain={() => selected.idPersona !== null && void again(selected.idPersona, selected.shots)}
        onNext={() => choose(null)}
      />
    );
  }

  function noNetwork(session: Session) {
    return (
      <StateMessage
        icon={IconWifiOff}
        tone="bad"
        title={t('station.alone.network')}
        text={t('station.aloneHelp.network')}
      >
        <div className={styles.choices}>
          <Button leftSection={<IconLifebuoy size={20} aria-hidden />} onClick={onTrouble}>
            {t('station.checkNetwork')}
          </Button>
          <Button variant="default" leftSection={<IconEyeOff size={20} aria-hidden />} onClick={() => choose(null)}>
            {t('qr.hide')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconLogout size={20} aria-hidden />}
            onClick={() => setEnding(session)}
          >
            {t('qr.end')}
          </Button>
        </div>
      </StateMessage>
    );
  }

  function renew(session: Session) {
    return run(store.renewSession(session.id));
  }

  function photosOf(session: Session) {
    const person = state.people.find(({ key }) => key === sessionKey(session));
    return person?.photos.filter(photo => photo.session_id === session.id) ?? [];
  }

  /** What the end of a session means, and what of it is not done yet. */
  function whatEnds(session: Session) {
    const photos = photosOf(session);
    const said = [t(session.qr ? 'session.endQrText' : 'session.endText')];
    // Nothing can have been done where only a QR stood.
    if (session.qr && photos.length === 0) return said.join(' ');
    const count = photos.filter(({ status }) => status === 'received').length;
    const missing = session.shots.filter(name => shotState(name, photos) === 'missing');
    if (count > 0) said.push(t('session.endUnreviewed', { count }));
    if (missing.length > 0) said.push(t('session.endMissing', { shots: missing.join(', '), count: missing.length }));
    return said.join(' ');
  }

  async function again(idPersona: string, shots: readonly string[]) {
    const existing = store.liveSessionOf(idPersona);
    if (existing) choose(existing);
    else await open(idPersona, shots);
  }

  async function welcome() {
    if (busy) return;
    setBusy(true);
    await open(null);
    setBusy(false);
  }

  function nobody() {
    if (!online && state.load.status !== 'ready' && state.connection !== 'offline') {
      return <StateMessage title={t(`connection.${state.connection}`)} />;
    }
    if (state.connection === 'offline') {
      return (
        <StateMessage
          icon={IconWifiOff}
          tone="bad"
          title={t('connection.offline')}
          text={t('connection.offlineHelp')}
          action={{ label: t('app.retry'), onClick: () => store.retry() }}
        />
      );
    }
    if (state.load.status === 'failed') {
      return (
        <StateMessage
          icon={IconAlertTriangle}
          tone="bad"
          title={t('station.failed')}
          action={{ label: t('app.retry'), onClick: () => store.retry() }}
        />
      );
    }
    return (
      <StateMessage
        icon={IconQrcode}
        title={t('station.welcome')}
        text={t('station.welcomeLead')}
        action={{ label: t('station.welcomeQr'), onClick: () => void welcome() }}
      >
        <div className={styles.welcomeSteps}>
          <Steps large />
        </div>
      </StateMessage>
    );
  }

  return (
    <main className={styles.station}>
      <h2 className={styles.heading}>{t('station.title')}</h2>
      <PersonForm
        disabled={!online}
        scan={scan}
        shotLists={state.settings?.shot_lists ?? []}
        isWaiting={selected?.qr != null}
        onShow={show}
        onShowExisting={showExisting}
      />
      {live.some(session => session.id !== selected?.id) && (
        <SessionStrip
          sessions={live}
          selected={selected?.id ?? null}
          nameOf={nameOf}
          onSelect={id => choose(live.find(session => session.id === id) ?? null)}
        />
      )}
      <div ref={place} className={styles.stationBody}>
        {body()}
      </div>
      <ConfirmDialog
        about={replacing}
        title={t('session.anotherTitle')}
        text={t('session.anotherText')}
        action={t('session.another')}
        disabled={!online}
        onConfirm={renew}
        onClose={() => setReplacing(null)}
      />
      <ConfirmDialog
        about={ending}
        title={t('session.endTitle')}
        text={ending ? whatEnds(ending) : t('session.endText')}
        action={t('session.end')}
        disabled={!online}
        onConfirm={({ id }) => notices.attempt(store.endSession(id))}
        onClose={() => setEnding(null)}
      />
      <DoubtDialog doubt={doubt} onClose={leave} />
    </main>
  );
}
