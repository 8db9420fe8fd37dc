import { Button } from '@mantine/core';
import { useRef, useState, type DragEvent } from 'react';
import { formatCount } from '../../lib/amount';
import { t } from '../../texts/texts';
import styles from './uploads.module.css';

const texts = t.uploads;

/** Takes a file that is dropped or chosen. */
export const Drop = ({ file, take }: { file: File | null; take: (file: File) => void }) => {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const [dropped] = event.dataTransfer.files;
    if (dropped) take(dropped);
  };
  return (
    <div
      className={styles.drop}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p>{file ? texts.file(file.name, `${formatCount(Math.ceil(file.size / 1024))} KB`) : texts.drop}</p>
      {/* The button opens it: one way in for the keyboard. */}
      <input
        ref={input}
        type="file"
        accept=".csv,.txt,.tsv,text/csv"
        hidden
        aria-label={texts.choose}
        onChange={({ currentTarget }) => {
          if (currentTarget.files?.[0]) take(currentTarget.files[0]);
          // The same file can be chosen again after it was corrected.
          currentTarget.value = '';
        }}
      />
      <Button variant="default" onClick={() => input.current?.click()}>
        {texts.choose}
      </Button>
    </div>
  );
};
