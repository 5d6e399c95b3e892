@echo off
rem Starts Planboard on Windows. The first start makes .venv and fills it from the hashed lock.
rem   run.bat             the window on the sample estate
rem   run.bat VERB ...    one verb of the command line
setlocal EnableExtensions DisableDelayedExpansion
chcp 65001 >nul
set "PYTHONUTF8=1"
set "ROOT=%~dp0"
set "VENV=%ROOT%.venv"
set "PYTHON=%VENV%\Scripts\python.exe"
set "LOCK=%ROOT%bootstrap\requirements.lock"
set "STAMP=%VENV%\planboard-run.lock"

rem The stamp is a copy of the lock that was installed, written only after everything else had worked.
if exist "%PYTHON%" if exist "%STAMP%" fc /b "%LOCK%" "%STAMP%" >nul 2>nul && goto start

if exist "%STAMP%" del "%STAMP%"
if exist "%PYTHON%" "%PYTHON%" -c "import pip" >nul 2>nul && goto fill
echo 正在建立运行环境……  Making the environment ...
py -3.11 -m venv --clear "%VENV%" 2>nul || py -3 -m venv --clear "%VENV%" || goto nopython
:fill
echo 正在安装程序库（首次约 300 MB，需要网络）……  Installing libraries (about 300 MB the first time) ...
"%PYTHON%" -m pip install --require-hashes --no-deps --only-binary :all: --no-input --disable-pip-version-check -r "%LOCK%" || goto nolibraries
copy /y "%LOCK%" "%STAMP%" >nul || goto nolibraries

:start
"%PYTHON%" "%ROOT%app.py" %*
set "CODE=%ERRORLEVEL%"
rem Double-clicked, the console would close before its message could be read.
if not "%CODE%"=="0" if "%~1"=="" pause
exit /b %CODE%

:nopython
echo 没有找到 Python 3.11：请从 python.org 安装（勾选 py launcher），再运行一次。
echo Python 3.11 was not found: install it from python.org (with the py launcher) and start again.
pause
exit /b 75

:nolibraries
echo 程序库没有装全。请检查网络，再运行一次。
echo Not all libraries could be installed. Check the network and start again.
pause
exit /b 75
