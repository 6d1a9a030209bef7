"""What the world refused or left unanswered, as sentences; registered with the others."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from pos_app.domain import errors
from pos_app.ui.wording.refusals import Context, sentence

__all__ = ["Context", "paper_cause", "rejection", "sentence"]

translate = QCoreApplication.translate


@sentence.register
def _unreachable(error: errors.Unreachable, context: Context) -> str:
    return {
        "down": translate(
            "Wording", "The platform cannot be reached. Nothing is lost; the till asks again by itself."
        ),
        "timeout": translate(
            "Wording", "The platform does not answer. Nothing is lost; the till asks again by itself."
        ),
        "not_ours": translate(
            "Wording",
            "Something other than the platform answered. Nothing is lost. Check whether the network wants a sign-in.",
        ),
        "server_trouble": translate(
            "Wording", "The platform has trouble of its own. Nothing is lost; the till asks again by itself."
        ),
        "signature": translate(
            "Wording",
            "The answer was not signed by our platform, so it does not count. Nothing is lost. Tell the owner.",
        ),
        "busy": translate(
            "Wording", "The platform is busy. Nothing is lost; the till asks again in a moment."
        ),
    }.get(
        error.cause,
        translate("Wording", "There was no usable answer. Nothing is lost; the till asks again by itself."),
    )


@sentence.register
def _rejected(error: errors.Rejected, context: Context) -> str:
    return rejection(error.code)


def rejection(code: str) -> str:
    """The sentence for a code of `docs/protocol.md` 4, also when it stands in the books as a sale's trouble."""
    return {
        "CLOCK": translate("Wording", "This PC's clock is wrong. Set it, then try again. Nothing was lost."),
        "REVOKED": translate(
            "Wording", "The platform has shut this till out. Nothing was lost. Ask the owner."
        ),
        "EXPIRED": translate(
            "Wording",
            "The goods were no longer set aside and are sold out now. Give the customer the money back.",
        ),
        "CANCELLED": translate(
            "Wording", "This sale was cancelled at the platform. No code will come of it."
        ),
        "EPOCH_FENCED": translate(
            "Wording",
            "Another PC sells as this till. Nothing was lost. Ask the owner to enrol this one again.",
        ),
        "RATE_LIMITED": translate(
            "Wording", "The platform asks for a short pause. Nothing was lost. Try again soon."
        ),
        "UNAVAILABLE": translate(
            "Wording", "The platform is closed for a moment. Nothing was lost. Try again soon."
        ),
        "IN_PROGRESS": translate(
            "Wording", "The platform is still at it. Nothing is lost; the till asks again by itself."
        ),
        "FORBIDDEN": translate("Wording", "The platform does not allow this any more. Nothing was changed."),
        "NOT_FOUND": translate(
            "Wording", "The platform does not know this. Nothing was changed. Ask its support."
        ),
        "NO_ANSWER": translate(
            "Wording", "The platform did not answer, so the sale was let go. No money was taken."
        ),
        "RESTART": translate(
            "Wording", "The till was started anew, so the sale was let go. No money was taken."
        ),
        "LEASE_EXPIRED": translate(
            "Wording", "What was held for this sale ran out while the customer paid. Give the money back."
        ),
        "SOLD_OUT": translate("Wording", "Sold out. No money was taken."),
        "PRICE_CHANGED": translate("Wording", "The price has changed. No money was taken."),
        "PRODUCT_OFF": translate("Wording", "No longer sold. No money was taken."),
        "WALLET_EMPTY": translate("Wording", "The shop's wallet was too low. No money was taken."),
        "LIMIT": translate("Wording", "The platform's limit was reached. No money was taken."),
        "COOLING": translate("Wording", "High sums wait a while: the codes come later by themselves."),
        "FROZEN": translate("Wording", "The platform has stopped this sale and looks at it."),
    }.get(
        code,
        translate("Wording", "The platform refused ({code}). Nothing was lost. Tell the owner.").format(
            code=code
        ),
    )


@sentence.register
def _database_damaged(error: errors.DatabaseDamaged, context: Context) -> str:
    text = translate(
        "Wording",
        "The till's file is damaged, so nothing more is written to it. Keep {path} and put a backup in its place.",
    )
    return text.format(path=error.path)


@sentence.register
def _database_foreign(error: errors.DatabaseForeign, context: Context) -> str:
    text = translate(
        "Wording",
        "{path} was not made by this till, or with another key. It was left as it is. Choose another folder.",
    )
    return text.format(path=error.path)


@sentence.register
def _database_newer(error: errors.DatabaseNewer, context: Context) -> str:
    text = translate(
        "Wording", "{path} was written by a newer till. It was left as it is. Install the newer program."
    )
    return text.format(path=error.path)


@sentence.register
def _disk_trouble(error: errors.DiskTrouble, context: Context) -> str:
    text = {
        "full": translate(
            "Wording", "The disk is full, so this was not booked. Make room near {path}, then try again."
        ),
        "denied": translate(
            "Wording", "The till may not write to {path}, so this was not booked. Give it leave."
        ),
    }.get(
        error.cause,
        translate(
            "Wording", "The disk failed at {path}, so this was not booked. What was booked before is safe."
        ),
    )
    return text.format(path=error.path)


@sentence.register
def _already_running(error: errors.AlreadyRunning, context: Context) -> str:
    return translate("Wording", "The till is already open on this PC. Go on in its window.")


@sentence.register
def _keys_missing(error: errors.KeysMissing, context: Context) -> str:
    text = translate(
        "Wording", "The books at {path} are here, their keys are not. Bring the keys back from the backup."
    )
    return text.format(path=error.path)


def paper_cause(cause: str) -> str:
    """Why paper did not come out, in a few words."""
    return {
        "none": translate("Wording", "no printer is set up"),
        "not_found": translate("Wording", "the printer is not there"),
        "denied": translate("Wording", "the till may not use the printer"),
        "refused": translate("Wording", "the printer is busy or refuses"),
        "timeout": translate("Wording", "the printer does not answer"),
        "paper_out": translate("Wording", "the paper is used up"),
        "cover_open": translate("Wording", "the printer's cover is open"),
        "offline": translate("Wording", "the printer is off line"),
        "broken": translate("Wording", "the connection broke off while printing"),
        "seal": translate("Wording", "the code does not open on this till"),
        "restart": translate("Wording", "the till stopped while printing"),
    }.get(cause, translate("Wording", "the printer failed"))


@sentence.register
def _paper_trouble(error: errors.PaperTrouble, context: Context) -> str:
    if error.sent:
        text = translate(
            "Wording", "Printing broke off: {cause}. The sale is safe. Look whether the slip came out."
        )
    else:
        text = translate(
            "Wording", "Nothing was printed: {cause}. The sale is safe. Put it right, then print again."
        )
    return text.format(cause=paper_cause(error.cause))


@sentence.register
def _platform_not_started(error: errors.PlatformNotStarted, context: Context) -> str:
    return {
        "busy": translate(
            "Wording", "Another program uses the platform's files. Nothing was lost. Close it, try again."
        ),
        "damaged": translate(
            "Wording", "The platform's file is damaged. It was left as it is. Put a backup in its place."
        ),
        "timeout": translate(
            "Wording", "The platform on this PC takes too long to start. Nothing was lost. Try again."
        ),
    }.get(
        error.cause,
        translate(
            "Wording",
            "The platform on this PC ended at once. Nothing was lost. Try again, or tell the owner.",
        ),
    )
