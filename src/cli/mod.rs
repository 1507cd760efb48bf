//! The command line: what the user may type, and one module per command.

mod adopt;
mod archive;
mod args;
mod attach;
mod check;
mod completions;
mod console;
mod coverage;
mod explain;
mod findings;
mod help;
mod init;
mod key;
mod lang;
mod list;
mod mail;
mod make;
mod man;
mod new;
mod notify;
mod place;
mod preview;
mod receive;
mod redline;
mod regenerate;
mod rename;
mod report;
mod review;
mod schema;
mod show;
mod sign;
mod status;
mod table;

use std::process::ExitCode;

pub use args::{
    AdoptArguments, ArchiveArguments, Arguments, AttachArguments, CheckArguments, CheckFormat,
    CheckReader, ClientsArguments, Command, CompletionsArguments, ExplainArguments,
    FolderArguments, InitArguments, JsonArguments, LangArguments, LangName, Level,
    LibraryArguments, ListArguments, Listed, MailArguments, MakeArguments, ManArguments,
    NewArguments, NotifyArguments, OutputArguments, PassphraseArguments, PreviewArguments,
    PrintArguments, ReceiveArguments, RedlineArguments, RegenerateArguments, RenameArguments,
    ReviewArguments, SchemaArguments, SchemaOf, SentArguments, Shell, ShowArguments, SignArguments,
    SigningArguments, StatusArguments,
};

use crate::diagnostic::Severity;

/// Runs the program on its command line; the exit code is 0 if all was done, 1 if the input has problems,
/// 2 if the tool could not do it, or the usage is invalid.
#[must_use]
pub fn run() -> ExitCode {
    completions::answer();
    place::enter_root();
    if std::env::args_os().len() < 2 {
        console::talk(args::START);
        return console::exit(Severity::Failure.exit_code());
    }
    match help::parse() {
        Ok(arguments) => console::guard(|| run_command(arguments)),
        Err(said) => console::parser(&said),
    }
}

fn run_command(arguments: Arguments) -> ExitCode {
    match arguments.command {
        None => make::run(&arguments.make),
        Some(Command::Init(arguments)) => init::run(&arguments),
        Some(Command::New(arguments)) => new::run(&arguments),
        Some(Command::Regenerate(arguments)) => regenerate::run(&arguments),
        Some(Command::Rename(arguments)) => rename::run(&arguments),
        Some(Command::Archive(arguments)) => archive::run(&arguments),
        Some(Command::Redline(arguments)) => redline::run(&arguments),
        Some(Command::Notify(arguments)) => notify::run(&arguments),
        Some(Command::Status(arguments)) => status::run(&arguments),
        Some(Command::Preview(arguments)) => preview::run(&arguments),
        Some(Command::Attach(arguments)) => attach::run(&arguments),
        Some(Command::Mail(arguments)) => mail::run(&arguments),
        Some(Command::Check(arguments)) => check::run(&arguments),
        Some(Command::Review(arguments)) => review::run(&arguments),
        Some(Command::Adopt(arguments)) => adopt::run(&arguments),
        Some(Command::Explain(arguments)) => explain::run(&arguments),
        Some(Command::Show(arguments)) => show::run(&arguments),
        Some(Command::Receive(arguments)) => receive::run(&arguments),
        Some(Command::Sign(arguments)) => sign::run(&arguments),
        Some(Command::List(arguments)) => list::run(&arguments),
        Some(Command::Schema(arguments)) => schema::run(&arguments),
        Some(Command::Completions(arguments)) => completions::run(&arguments),
        Some(Command::Man(arguments)) => man::run(&arguments),
    }
}
