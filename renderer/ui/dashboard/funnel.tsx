import {
  IconCircleCheck,
  IconDeviceMobileCheck,
  IconPhoto,
  IconQrcode,
  IconScan,
  IconUsers,
} from '@tabler/icons-react';
import type { Overview } from '../../../protocol/dashboard.ts';
import { StateMessage } from '../state-message.tsx';
import { useTexts } from '../texts/use-texts.tsx';
import styles from './funnel.module.css';

const steps = [
  { key: 'shown', icon: IconQrcode },
  { key: 'scanned', icon: IconScan },
  { key: 'connected', icon: IconDeviceMobileCheck },
  { key: 'photo', icon: IconPhoto },
  { key: 'accepted', icon: IconCircleCheck },
] as const;

/** How many visits came how far. */
export function Funnel({ funnel }: Pick<Overview, 'funnel'>) {
  const { t, i18n } = useTexts();
  if (funnel.shown === 0) return <StateMessage icon={IconUsers} title={t('dashboard.funnelEmpty')} />;
  return (
    <ol className={styles.funnel} data-testid="funnel">
      {steps.map(({ key, icon: Picture }) => {
        const many = funnel[key];
        const percent = Math.round((100 * many) / funnel.shown);
        return (
          <li key={key} className={styles.step} data-step={key}>
            <Picture size={22} aria-hidden className={styles.icon} />
            <span className={styles.name}>{t(`dashboard.${key}`)}</span>
            <span className={styles.many} data-testid={`funnel-${key}`}>
              {new Intl.NumberFormat(i18n.language).format(many)}
            </span>
            <span className={styles.track} aria-hidden>
              <span className={styles.bar} style={{ inlineSize: `${percent}%` }} />
            </span>
            <span className={styles.percent}>{t('dashboard.ofAll', { percent })}</span>
          </li>
        );
      })}
    </ol>
  );
}
