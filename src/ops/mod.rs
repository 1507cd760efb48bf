//! What the commands do, without a terminal: functions that a program can call. They return values and
//! problems, print nothing, and know no flag.
//!
//! ```
//! use dpa_gen::ops::{self, ClientSelection, LibraryChoice, RenewRequest};
//!
//! # fn main() -> std::io::Result<()> {
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! std::fs::write(
//!     folder.join("acme.toml"),
//!     "services = [\"website\"]\n[client]\nname = \"Acme B.V.\"",
//! )?;
//! let request = RenewRequest {
//!     selection: ClientSelection {
//!         clients: Some(folder.to_owned()),
//!         output: Some(folder.to_owned()),
//!         library: LibraryChoice { embedded: true, ..LibraryChoice::default() },
//!         ..ClientSelection::default()
//!     },
//!     ..RenewRequest::default()
//! };
//!
//! let renewal = ops::renew(&request, &mut |done, count| println!("{done} of {count}"));
//! assert!(renewal.problems.is_empty());
//! assert_eq!(renewal.documents[0].outcome, ops::RenewOutcome::Made);
//! assert!(folder.join("acme-verwerkersovereenkomst-2026-06-12.pdf").exists());
//!
//! let renewal = ops::renew(&request, &mut |_, _| ());
//! assert_eq!(renewal.documents[0].outcome, ops::RenewOutcome::Current);
//! # Ok(())
//! # }
//! ```

mod adopt;
mod agreement_status;
mod agreements;
mod archive;
mod attach;
mod check;
mod clients;
mod comparer;
mod current;
mod documents;
mod emit;
mod explain;
mod format;
mod gate;
mod in_lock;
pub mod init;
mod keywords;
mod leaving;
mod list;
mod mail;
mod make;
mod make_request;
mod new;
mod newest;
mod news;
mod notice_status;
mod notify;
mod other_documents;
mod owner;
mod paths;
mod plan;
mod preview;
mod receive;
mod recover;
mod redline;
mod refusals;
mod rename;
mod renew;
mod review;
mod send;
mod settings;
mod show;
mod sign;
mod sources;
mod stack;
mod status;
pub mod template;
pub mod working_folder;

pub use adopt::{AdoptRequest, AdoptedClause, Adoption, adopt};
pub use agreement_status::{
    AgreedVersion, AgreementStatus, AgreementSubject, MadeVersion, NextStep, agreement_status,
};
pub use agreements::{AgreementInForce, in_force};
pub use archive::{Archived, archive};
pub use attach::{AttachRequest, Placement, QuoteWithContract, attach};
pub use check::{CheckRequest, LibraryCheck, check};
pub use clients::{ClientSelection, LeftOut};
pub use documents::{DocumentState, DocumentStatus, Shard};
pub use explain::{CodeTitle, Explanation, codes, explain};
pub use format::Format;
pub use gate::{CheckSummary, FindingCounts};
pub use in_lock::{InLock, Knows};
pub use list::{Item, Listing, list};
pub use mail::{Drafted, MailRequest, mail};
pub use make::make;
pub use make_request::{Made, MakeRequest};
pub use new::{NewClient, WrittenClient};
pub use newest::newest_pdf;
pub use news::clients_with_news;
pub use notice_status::NoticeStatus;
pub use notify::{
    AnswerRequest, Breach, Change, Notification, Notifications, NotifiedChange, NotifyAction,
    NotifyOutcome, NotifyRequest, answer, notify,
};
pub use paths::{document_name, from_root, relative};
pub use preview::PreviewRequest;
pub use receive::{
    Acceptance, Bytes, EndRequest, Ending, HandRequest, IdentifiedBy, Known, Noted, ReceiveRequest,
    Received, ReceivedSignature, UndoRequest, known, note_by_hand, note_end, receive, undo,
};
pub use redline::{Redline, RedlinePaper, RedlineRequest, Side, redline};
pub use rename::{Renamed, rename};
pub use renew::{RenewOutcome, RenewRequest, Renewal, Renewed, renew};
pub use review::{
    ApproveRequest, ApprovedPart, Approving, Memo, MemoCounts, MemoRequest, Parts, approve, memo,
};
pub use settings::{SETTINGS, Settings, root};
pub use show::{
    FormState, Shown, ShownChain, ShownIntegrity, ShownOriginal, ShownSignature, show, trust,
};
pub use sign::{
    Completion, PROCESSOR_SIGNATURE, PreparedDocument, SignRequest, SignedDocument, complete,
    prepare, sign, sign_made,
};
pub use sources::{
    LibraryChoice, LibraryOrigin, LoadedLibrary, assemble, client_files, client_named, id_of,
    read_client,
};
pub use status::{ClientStatus, Status, StatusRequest, StatusScope, status};
