import type { Answer } from './auth';

/** Sends a file as it is; `told` hears how much of it has gone, from 0 to 1. */
export function upload(
  file: File,
  query: Readonly<Record<string, string>>,
  told: (share: number) => void,
): Promise<Answer<{ id: string }>> {
  // fetch does not say how far an upload is.
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const failed = (message: string): void => resolve({ problem: { message, fields: [] } });
    request.open('POST', `/imports?${new URLSearchParams({ name: file.name, ...query }).toString()}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = (event) => told(event.total > 0 ? event.loaded / event.total : 0);
    request.onerror = () =>
      failed('The server does not answer. Is it running? Nothing was taken in; send the file again.');
    request.onload = () => {
      const answer = request.response as { id?: unknown; message?: unknown } | null;
      if (request.status < 300 && typeof answer?.id === 'string') resolve({ ok: { id: answer.id } });
      else
        failed(
          typeof answer?.message === 'string'
            ? answer.message
            : `The server answered with ${request.status}. Try again; if it says so again, its log tells why.`,
        );
    };
    request.send(file);
  });
}
