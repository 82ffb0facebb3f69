import {
  type Icon,
  IconDeviceMobileCheck,
  IconDeviceMobileOff,
  IconEyeOff,
  IconLogout,
  IconQrcode,
  IconUser,
} from '@tabler/icons-react';
import type { Session } from '../../protocol/session.ts';
import styles from './session-state.module.css';
import { useTexts } from './texts/use-texts.tsx';

const looks = {
  waiting: IconQrcode,
  connected: IconDeviceMobileCheck,
  away: IconDeviceMobileOff,
  ended: IconLogout,
  /** Photos that came without a session, or of one that is long over. */
  none: IconUser,
  /** While a QR waits, for another one than its person. */
  hidden: IconEyeOff,
} as const satisfies Record<string, Icon>;
export type SessionLook = keyof typeof looks;

export function lookOf(session: Session | null): Exclude<SessionLook, 'hidden'> {
  if (!session) return 'none';
  if (session.status === 'disconnected') return 'ended';
  if (session.status !== 'authenticated') return 'waiting';
  return session.phone.connected ? 'connected' : 'away';
}

/** How a visit stands, as icon, word and colour. */
export function SessionState({ look }: { look: SessionLook }) {
  const { t } = useTexts();
  const Picture = looks[look];
  return (
    <span className={styles.state} data-session-state={look}>
      <Picture size={15} stroke={2.2} aria-hidden />
      {t(`session.${look}`)}
    </span>
  );
}
