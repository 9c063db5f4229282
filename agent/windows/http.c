/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http.h"

#include "wide.h"

#include <wincrypt.h>

#include <stdlib.h>
#include <string.h>

/* to a host in the same computer; longer than one or two lost packets take */
#define CONNECT_MS 3000
#define SEND_MS	   5000

#define NOT_TRUSTED                                                                                \
	"its certificate is missing or not trusted; enter the certificate's fingerprint in "       \
	"Settings, or use http://"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *reason(DWORD error)
{
	static const struct {
		DWORD error;
		const char *text;
	} reasons[] = {
		{ ERROR_WINHTTP_CANNOT_CONNECT,
			"no program listens there, or a firewall blocks the port" },
		{ ERROR_WINHTTP_TIMEOUT, "no answer in time" },
		{ ERROR_WINHTTP_NAME_NOT_RESOLVED, "unknown host name" },
		{ ERROR_WINHTTP_CONNECTION_ERROR, "the connection was lost" },
		{ ERROR_WINHTTP_INVALID_SERVER_RESPONSE, "the answer does not come from hotseatd" },
		{ ERROR_WINHTTP_SECURE_FAILURE, NOT_TRUSTED },
		/* Wine's error code for it */
		{ ERROR_WINHTTP_SECURE_CHANNEL_ERROR, NOT_TRUSTED },
	};

	for (size_t i = 0; i < COUNT(reasons); i++)
		if (reasons[i].error == error)
			return reasons[i].text;
	return NULL;
}

static HttpOutcome failed(HttpCall *call, Problem *problem)
{
	DWORD error = GetLastError();
	const char *why = reason(error);
	char where[160];

	core_url_format(&call->endpoint->url, where, sizeof where);
	if (call->distrusted) {
		core_problem_set(problem,
			"%s presents another certificate than the one in Settings; its fingerprint "
			"is %s",
			where, call->fingerprint);
		return HTTP_UNTRUSTED;
	}
	if (why != NULL)
		core_problem_set(problem, "%s does not answer: %s", where, why);
	else
		core_problem_set(problem, "%s does not answer: error %lu", where, error);
	return error == ERROR_WINHTTP_SECURE_FAILURE || error == ERROR_WINHTTP_SECURE_CHANNEL_ERROR
		       ? HTTP_UNTRUSTED
		       : HTTP_UNREACHABLE;
}

static void format_fingerprint(const BYTE hash[PIN_LENGTH], char *out, size_t size)
{
	out[0] = '\0';
	for (size_t i = 0; i < PIN_LENGTH; i++)
		core_text_format(
			out + strlen(out), size - strlen(out), "%s%02X", i > 0 ? ":" : "", hash[i]);
}

static bool certificate_fits(HttpCall *call, HINTERNET request)
{
	const CERT_CONTEXT *certificate = NULL;
	DWORD size = sizeof certificate, length = PIN_LENGTH;
	BYTE hash[PIN_LENGTH] = { 0 };
	bool fits;

	if (!WinHttpQueryOption(request, WINHTTP_OPTION_SERVER_CERT_CONTEXT, &certificate, &size))
		return false;
	fits = CryptHashCertificate2(L"SHA256", 0, NULL, certificate->pbCertEncoded,
		       certificate->cbCertEncoded, hash, &length) &&
	       memcmp(hash, call->endpoint->pin, PIN_LENGTH) == 0;
	CertFreeCertificateContext(certificate);
	format_fingerprint(hash, call->fingerprint, sizeof call->fingerprint);
	return fits;
}

/* Connected, but the request is not sent yet: the last moment to check the certificate. A callback
 * ends a request by closing its handle. */
static void CALLBACK on_status(
	HINTERNET handle, DWORD_PTR context, DWORD status, void *info, DWORD length)
{
	HttpCall *call = (HttpCall *)context;

	(void)info;
	(void)length;
	if (status != WINHTTP_CALLBACK_STATUS_SENDING_REQUEST || call == NULL || call->distrusted ||
		certificate_fits(call, handle))
		return;
	call->distrusted = true;
	call->request = NULL;
	WinHttpCloseHandle(handle);
}

static bool pin(HttpCall *call)
{
	/* the fingerprint is sufficient; the certificate is most likely self-signed */
	DWORD ignored = SECURITY_FLAG_IGNORE_UNKNOWN_CA | SECURITY_FLAG_IGNORE_CERT_CN_INVALID |
			SECURITY_FLAG_IGNORE_CERT_DATE_INVALID |
			SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE;

	return WinHttpSetOption(
		       call->request, WINHTTP_OPTION_SECURITY_FLAGS, &ignored, sizeof ignored) &&
	       WinHttpSetStatusCallback(call->request, on_status,
		       WINHTTP_CALLBACK_FLAG_SEND_REQUEST, 0) != WINHTTP_INVALID_STATUS_CALLBACK;
}

/* Windows 7 would use TLS 1.0 by default, and no version before 10 supports 1.3. */
static void set_protocols(HINTERNET session)
{
	DWORD both = WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_2 | WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_3;
	DWORD old = WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_2;

	if (!WinHttpSetOption(session, WINHTTP_OPTION_SECURE_PROTOCOLS, &both, sizeof both))
		WinHttpSetOption(session, WINHTTP_OPTION_SECURE_PROTOCOLS, &old, sizeof old);
}

static bool open_connection(HttpCall *call)
{
	const Url *url = &call->endpoint->url;
	wchar_t host[sizeof url->host];

	wide_from_utf8(host, url->host);
	/* no proxy is needed within the same computer */
	call->session = WinHttpOpen(L"hotseat-agent/" HOTSEAT_VERSION, WINHTTP_ACCESS_TYPE_NO_PROXY,
		WINHTTP_NO_PROXY_NAME, WINHTTP_NO_PROXY_BYPASS, 0);
	if (call->session == NULL)
		return false;
	set_protocols(call->session);
	call->connection = WinHttpConnect(call->session, host, url->port, 0);
	return call->connection != NULL;
}

static bool open_request(HttpCall *call, const wchar_t *method, const wchar_t *path, int receive_ms)
{
	const Endpoint *endpoint = call->endpoint;
	/* the secret must be sent only to this host */
	DWORD none = WINHTTP_DISABLE_REDIRECTS | WINHTTP_DISABLE_COOKIES |
		     WINHTTP_DISABLE_AUTHENTICATION;

	call->request = WinHttpOpenRequest(call->connection, method, path, NULL, WINHTTP_NO_REFERER,
		WINHTTP_DEFAULT_ACCEPT_TYPES, endpoint->url.https ? WINHTTP_FLAG_SECURE : 0);
	return call->request != NULL &&
	       WinHttpSetTimeouts(call->request, CONNECT_MS, CONNECT_MS, SEND_MS, receive_ms) &&
	       WinHttpSetOption(
		       call->request, WINHTTP_OPTION_DISABLE_FEATURE, &none, sizeof none) &&
	       (!endpoint->pinned || pin(call));
}

/* Sends an empty request without the secret, to see the certificate: it is not documented that a
 * callback can end a blocking request before it is sent, and in Wine it cannot. The answer is not
 * read.
 */
static bool probe(HttpCall *call)
{
	if (!open_request(call, L"HEAD", L"/", SEND_MS) ||
		!WinHttpSendRequest(call->request, WINHTTP_NO_ADDITIONAL_HEADERS, 0,
			WINHTTP_NO_REQUEST_DATA, 0, 0, (DWORD_PTR)call) ||
		call->distrusted)
		return false;
	WinHttpCloseHandle(call->request);
	call->request = NULL;
	return true;
}

static bool add_headers(HttpCall *call, bool has_body)
{
	wchar_t header[sizeof "X-Secret: " + sizeof call->endpoint->secret];
	char text[COUNT(header)];

	if (has_body && !WinHttpAddRequestHeaders(call->request, L"Content-Type: application/json",
				(DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD))
		return false;
	if (call->endpoint->secret[0] == '\0')
		return true;
	core_text_format(text, sizeof text, "X-Secret: %s", call->endpoint->secret);
	wide_from_utf8(header, text);
	return WinHttpAddRequestHeaders(call->request, header, (DWORD)-1, WINHTTP_ADDREQ_FLAG_ADD);
}

static bool exchange(HttpCall *call, const char *body)
{
	DWORD length = body != NULL ? (DWORD)strlen(body) : 0, status = 0, size = sizeof status;

	if (!WinHttpSendRequest(call->request, WINHTTP_NO_ADDITIONAL_HEADERS, 0, (void *)body,
		    length, length, (DWORD_PTR)call) ||
		call->distrusted || !WinHttpReceiveResponse(call->request, NULL) ||
		!WinHttpQueryHeaders(call->request,
			WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER,
			WINHTTP_HEADER_NAME_BY_INDEX, &status, &size, WINHTTP_NO_HEADER_INDEX))
		return false;
	call->status = status;
	return true;
}

HttpOutcome http_begin(HttpCall *call, const Endpoint *endpoint, const wchar_t *method,
	const wchar_t *path, const char *body, int receive_ms, Problem *problem)
{
	*call = (HttpCall){ .endpoint = endpoint };
	if (open_connection(call) && (!endpoint->pinned || probe(call)) &&
		open_request(call, method, path, receive_ms) && add_headers(call, body != NULL) &&
		exchange(call, body))
		return HTTP_ANSWERED;
	return failed(call, problem);
}

HttpOutcome http_read(HttpCall *call, char *buffer, size_t size, size_t *length, Problem *problem)
{
	DWORD there = 0, got = 0;

	/* a read alone would wait until the buffer is full */
	if (!WinHttpQueryDataAvailable(call->request, &there))
		return failed(call, problem);
	if (there > size)
		there = (DWORD)size;
	if (there > 0 && !WinHttpReadData(call->request, buffer, there, &got))
		return failed(call, problem);
	*length = got;
	return HTTP_ANSWERED;
}

void http_end(HttpCall *call)
{
	HINTERNET handles[] = { call->request, call->connection, call->session };

	for (size_t i = 0; i < COUNT(handles); i++)
		if (handles[i] != NULL)
			WinHttpCloseHandle(handles[i]);
}

HttpOutcome http_request(const Endpoint *endpoint, const wchar_t *method, const wchar_t *path,
	const char *body, int receive_ms, HttpAnswer *answer, Problem *problem)
{
	HttpOutcome outcome;
	size_t got = 0;
	HttpCall call;

	outcome = http_begin(&call, endpoint, method, path, body, receive_ms, problem);
	answer->status = call.status;
	answer->length = 0;
	while (outcome == HTTP_ANSWERED && answer->length < HTTP_ANSWER_MAX) {
		outcome = http_read(&call, answer->body + answer->length,
			HTTP_ANSWER_MAX - answer->length, &got, problem);
		if (outcome != HTTP_ANSWERED || got == 0)
			break;
		answer->length += got;
	}
	http_end(&call);
	return outcome;
}
