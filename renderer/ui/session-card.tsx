import { Button } from '@mantine/core';
import {
  IconDeviceMobile,
  IconDeviceMobileCheck,
  IconDeviceMobileOff,
  IconLogout,
  IconPencil,
  IconRefresh,
  IconShieldCheck,
  IconUserPlus,
} from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { Photo } from '../../protocol/photo.ts';
import type { Session } from '../../protocol/session.ts';
import { clockTime } from './format.ts';
import { InlinePerson } from './inline-person.tsx';
import styles from './session-card.module.css';
import { SessionMark } from './session-mark.tsx';
import { ShotTicks } from './shot-ticks.tsx';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  session: Session;
  /** The session's. */
  photos: readonly Photo[];
  busy: boolean;
  /** Without a connection nothing of the session can be changed. */
  online: boolean;
  onAnotherPhone: () => void;
  onEnd: () => void;
  /** Answers whether the server took it. */
  onAssign: (idPersona: string) => Promise<boolean>;
  onAgain: () => void;
  onNext: () => void;
}

/** What takes the QR's place once a phone has scanned it. */
export function SessionCard(props: Props) {
  const { session, photos, busy, online, onAnotherPhone, onEnd, onAssign, onAgain, onNext } = props;
  const { t, i18n } = useTexts();
  const [editing, setEditing] = useState(false);
  const edit = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  // Back to the button that led to the field.
  useEffect(() => {
    if (wasEditing.current && !editing && document.activeElement === document.body) edit.current?.focus();
    wasEditing.current = editing;
  }, [editing]);
  const ended = session.status === 'disconnected';
  const state = ended ? 'ended' : session.phone.connected ? 'connected' : 'away';
  const Picture = { ended: IconLogout, connected: IconDeviceMobileCheck, away: IconDeviceMobileOff }[state];

  function hint() {
    if (state === 'connected') return t('session.match');
    if (state === 'away') return t('session.awayText');
    if (photos.length > 0 || session.consent) return t('session.endedText');
    // A phone that was here was shown what would be kept of it.
    if (session.phone.device !== null) return t('session.endedUnaccepted');
    return t(session.conversation_id === null ? 'session.endedUnscanned' : 'session.endedText');
  }

  return (
    <section
      data-personal
      tabIndex={-1}
      className={styles.card}
      data-testid="session-card"
      data-session-id={session.id}
      data-status={session.status}
      data-shots={session.shots.length > 0 || undefined}
      aria-label={t(ended ? 'session.ended' : 'session.paired')}
    >
      <div className={styles.top}>
        <SessionMark emoji={session.emoji} color={session.color} size="large" />
        <p className={styles.state} data-state={state}>
          <Picture size={20} aria-hidden />
          {t(`session.${state}`)}
        </p>
        {editing ? (
          <InlinePerson
            label={t('station.idPersona')}
            initial={session.idPersona ?? ''}
            submit={t('session.save')}
            onSubmit={async idPersona => {
              if (await onAssign(idPersona)) setEditing(false);
            }}
            onCancel={() => setEditing(false)}
          />
        ) : (
          <p className={styles.person} data-testid="session-person">
            {session.idPersona ?? t('station.unassigned')}
          </p>
        )}
        <p className={styles.hint}>{hint()}</p>
      </div>
      <dl className={styles.facts}>
        <div>
          <dt>
            <IconDeviceMobile size={18} aria-hidden /> {t('session.device')}
          </dt>
          <dd>{session.phone.device ?? '—'}</dd>
        </div>
        <div className={styles.since}>
          <dt>{t('session.since')}</dt>
          <dd>{clockTime(session.created_at, i18n.language)}</dd>
        </div>
        <div>
          <dt>
            <IconShieldCheck size={18} aria-hidden /> {t('settings.consent')}
          </dt>
          <dd data-testid="session-consent">
            {session.consent
              ? t('settings.consentAt', { time: clockTime(session.consent.at, i18n.language) })
              : t('settings.noConsent')}
          </dd>
        </div>
      </dl>
      {session.shots.length > 0 && <ShotTicks shots={session.shots} photos={photos} />}
      <div className={styles.actions}>
        {ended ? (
          session.idPersona !== null && (
            <Button
              variant="light"
              leftSection={<IconRefresh size={18} aria-hidden />}
              loading={busy}
              disabled={!online}
              onClick={onAgain}
            >
              {t('session.again')}
            </Button>
          )
        ) : (
          <>
            {!editing && (
              <Button
                ref={edit}
                variant="default"
                disabled={!online}
                leftSection={<IconPencil size={18} aria-hidden />}
                onClick={() => setEditing(true)}
              >
                {t(session.idPersona === null ? 'session.assign' : 'session.correct')}
              </Button>
            )}
            <Button
              variant="default"
              leftSection={<IconRefresh size={18} aria-hidden />}
              loading={busy}
              disabled={!online}
              onClick={onAnotherPhone}
            >
              {t('session.another')}
            </Button>
            <Button
              variant="light"
              color="red"
              leftSection={<IconLogout size={18} aria-hidden />}
              data-testid="end-session"
              disabled={!online}
              onClick={onEnd}
            >
              {t('session.end')}
            </Button>
          </>
        )}
        <Button variant="subtle" leftSection={<IconUserPlus size={18} aria-hidden />} onClick={onNext}>
          {t('session.newOne')}
        </Button>
      </div>
    </section>
  );
}
