import { useEffect, useState, useSyncExternalStore } from 'react';
import { RequestError } from '../client/index.ts';
import type { JoinWifi, NetworkStore } from '../client/network-store.ts';
import { NetworkDialog } from '../ui/network-dialog.tsx';
import { useTexts } from '../ui/texts/use-texts.tsx';
import { WifiDialog } from '../ui/wifi-dialog.tsx';

interface Props {
  network: NetworkStore;
  opened: 'network' | 'wifi' | null;
  onOpen: (dialog: 'network' | 'wifi' | null) => void;
}

/** The two dialogs that help a phone to get here. */
export function NetworkHelp({ network, opened, onOpen }: Props) {
  const state = useSyncExternalStore(network.subscribe, network.getSnapshot);
  const [wifi, setWifi] = useState<JoinWifi | null | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { t } = useTexts();

  useEffect(() => {
    if (opened === 'network') {
      setRefusal(null);
      void network.check();
    }
    if (opened !== 'wifi') return;
    let isThere = true;
    const tell = (found: JoinWifi | null) => isThere && setWifi(found);
    network.wifi().then(tell, () => tell(null));
    return () => {
      isThere = false;
      // The password is in memory only while it is on the screen.
      setWifi(undefined);
    };
  }, [opened, network]);

  const choose = async (name: string | null) => {
    setBusy(true);
    setRefusal(null);
    try {
      await network.choose(name);
    } catch (error) {
      setRefusal(t(`errors.${error instanceof RequestError ? error.code : 'internal'}`));
    }
    setBusy(false);
  };
  return (
    <>
      <NetworkDialog
        opened={opened === 'network'}
        network={state}
        busy={busy}
        refusal={refusal}
        onCheck={() => void network.check()}
        onChoose={name => void choose(name)}
        onWifi={() => onOpen('wifi')}
        onClose={() => onOpen(null)}
      />
      <WifiDialog opened={opened === 'wifi'} wifi={wifi} onClose={() => onOpen(null)} />
    </>
  );
}
