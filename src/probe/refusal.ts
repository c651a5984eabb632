import type { HttpAnswer } from '../tls/http-response.js';

/** Statuses by which a server or an application turns a client away for who it is. */
export const REFUSING_STATUSES: ReadonlySet<number> = new Set([401, 403, 421, 495, 496]);

/** Statuses that say that the answer is not the endpoint's own word: a rate limit, or a dead backend. */
export const TROUBLED_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Whether an HTTP answer is a refusal: a plain 400 is an answer like any other. */
export function isHttpRefusal(answer: HttpAnswer): boolean {
  return REFUSING_STATUSES.has(answer.status) || isCertificatePage(answer);
}

/** Whether it is the page of nginx that stands for its internal 495 and 496, which go out as 400. */
export function isCertificatePage({ status, title }: Pick<HttpAnswer, 'status' | 'title'>): boolean {
  return status === 400 && NGINX_PAGE.test(title ?? '');
}

const NGINX_PAGE = /^400 (No required SSL certificate was sent|The SSL certificate error)$/;
