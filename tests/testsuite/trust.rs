//! Following the chain of a signer's certificate to certificates that the user trusts.

use serde_json::Value;

use crate::keeping::ANNA_PDF;
use crate::receive::signed_by;
use crate::sign::{anna, signed};
use crate::support::{Folder, assert_snapshot, repository, without_digests};

/// Anna's contract, signed by the client with these keys.
fn signed_with(key: &str) -> Folder {
    let folder = anna();
    let pdf = signed_by(&folder.read(ANNA_PDF), "client-signature", key);
    folder.file("signed.pdf", pdf)
}

/// What `show --json` says of the client's signature.
fn shown(folder: &Folder, arguments: &[&str]) -> Value {
    let run = folder.make(&[&["show", "--json", "signed.pdf"], arguments].concat());
    let shown: Value = serde_json::from_str(&run.stdout).unwrap();
    let signatures = shown["results"][0]["signatures"].as_array().unwrap().clone();
    signatures.into_iter().find(|found| found["field"] == "client-signature").unwrap()
}

#[test]
fn a_chain_is_followed_to_what_is_trusted() {
    for key in ["rsa.p12", "p-256.p12", "p-384.p12", "p-521.p12", "ed25519.p12"] {
        let folder = signed_with(key);
        let unfollowed = shown(&folder, &[]);
        assert_eq!(unfollowed["chain"], "not-checked", "{key}");
        assert!(unfollowed["not-checked"].as_array().unwrap().contains(&"chain".into()));
        let followed = shown(&folder, &["--trust", "root.pem"]);
        assert_eq!(followed["chain"], "trusted", "{key}: {followed}");
        let beyond = serde_json::json!(["revocation", "policies", "extended key usage"]);
        assert_eq!(followed["not-checked"], beyond);
    }
    let folder = signed_with("rsa.p12");
    let run = folder.make(&["show", "signed.pdf", "--trust", "root.pem"]);
    assert!(
        run.stdout.contains("; its chain is trusted, revocation and policies not checked"),
        "{run}"
    );
}

#[test]
fn a_chain_with_a_gap_or_of_another_root_is_not_trusted() {
    // The certificate between is not in the document; then it is trusted itself.
    let folder = signed_with("alone.p12");
    assert_snapshot!(
        "trust_gap",
        without_digests(&folder.make(&["show", "signed.pdf", "--trust", "root.pem"]).stdout)
    );
    let followed = shown(&folder, &["--trust", "root.pem", "--trust", "p-256.pem"]);
    assert_eq!(followed["chain"], "trusted", "{followed}");
    // A certificate that certifies nobody is trusted as itself only.
    let pem = String::from_utf8(folder.read("p-256.pem")).unwrap();
    let (own, _) = pem.split_once("-----END CERTIFICATE-----").unwrap();
    folder.write("own.pem", format!("{own}-----END CERTIFICATE-----\n"));
    assert_eq!(shown(&folder, &["--trust", "own.pem"])["chain"], "not-trusted");
    let pinned = signed_with("p-256.p12").file("own.pem", folder.read("own.pem"));
    let followed = shown(&pinned, &["--trust", "own.pem"]);
    assert_eq!(followed["chain"], "trusted", "{followed}");
    assert_snapshot!(
        "trust_none",
        folder.fail(&["show", "signed.pdf", "--trust", ANNA_PDF]).to_string()
    );
}

#[test]
fn a_signature_without_a_day_is_indeterminate() {
    let folder = anna();
    let pdf = std::fs::read(repository().join("fixtures/returned/rsa.pdf")).unwrap();
    folder.write("returned.pdf", pdf);
    let run = folder.make(&["show", "returned.pdf", "--trust", "root.pem"]);
    assert!(run.stdout.contains("its chain is indeterminate: it does not say when"), "{run}");
}

#[test]
fn what_is_received_counts_only_if_its_chain_is_trusted() {
    let received = |folder: &Folder, arguments: &[&str]| -> Value {
        let arguments = [&["receive", "--dry-run", "--json", "signed.pdf"], arguments].concat();
        let run = folder.run(&arguments);
        serde_json::from_str::<Value>(&run.stdout).unwrap()["results"][0].take()
    };
    let both = |key: &str| {
        let folder = anna();
        signed(&folder, &[ANNA_PDF, "--key", "rsa.p12"]);
        let pdf = signed_by(&folder.read(ANNA_PDF), "client-signature", key);
        folder.file("signed.pdf", pdf)
    };
    let folder = both("p-256.p12");
    assert_eq!(received(&folder, &["--trust", "root.pem"])["agreement"], "in-force");
    let folder = both("alone.p12");
    assert_eq!(received(&folder, &[])["agreement"], "in-force");
    let result = received(&folder, &["--trust", "root.pem"]);
    assert_eq!(result["agreement"], "waiting-client", "{result}");
    assert!(result["to-judge"].to_string().contains("is not trusted"), "{result}");
    // What had expired counts for nothing, trusted or not.
    let folder = both("expired.p12");
    for arguments in [&[][..], &["--trust", "root.pem"]] {
        let result = received(&folder, arguments);
        assert_eq!(result["agreement"], "waiting-client", "{result}");
        assert!(result["to-judge"].to_string().contains("was not valid on the day"), "{result}");
    }
}
